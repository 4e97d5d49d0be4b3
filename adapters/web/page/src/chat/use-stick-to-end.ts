import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

type StickToEnd = {
  frame: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd(): void;
};

/** Distance from the end, in pixels, that still counts as being there. */
const near = 60;

/** Keeps a scrolled frame at its end while its content grows, unless the person has scrolled away from it. */
export function useStickToEnd(conversation: string | undefined): StickToEnd {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const last = useRef(0);
  const toEnd = useCallback(() => {
    stuck.current = true;
    last.current = 0;
    setAtEnd(true);
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, []);
  useEffect(() => {
    const [box, inner] = [frame.current, content.current];
    if (!box || !inner) return;
    const scrolled = () => {
      const there = box.scrollHeight - box.scrollTop - box.clientHeight < near;
      // Only a way up is the person's own; being far from the end may also come from content that has just grown.
      if (there || box.scrollTop < last.current) stuck.current = there;
      last.current = box.scrollTop;
      setAtEnd(stuck.current);
    };
    const grown = new ResizeObserver(() => {
      if (stuck.current) box.scrollTo({ top: box.scrollHeight });
      last.current = box.scrollTop;
    });
    box.addEventListener('scroll', scrolled, { passive: true });
    grown.observe(inner);
    grown.observe(box);
    return () => {
      box.removeEventListener('scroll', scrolled);
      grown.disconnect();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation starts at its end
  useEffect(toEnd, [conversation]);
  return { frame, content, atEnd, toEnd };
}
