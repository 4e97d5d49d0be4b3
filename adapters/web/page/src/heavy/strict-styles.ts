/**
 * Lets libraries that write style elements and style attributes work although the page's security policy allows neither:
 * what they write goes through the browser's own style objects, which the policy leaves to code that is already trusted.
 * Called before such a library is used; the second call changes nothing.
 */
export function allowStyles(): void {
  if (allowed) return;
  allowed = true;
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    return name === 'style' ? adopted(create('adopted-style')) : create(name, options);
  }) as typeof document.createElement;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) applyHeld(node);
  }).observe(document.documentElement, { childList: true, subtree: true });
}

let allowed = false;

/** The style attributes of HTML, under a name that the policy does not look at, until {@link applyHeld} finds them. */
export function holdStyles(html: string): string {
  return html.replace(/<[^>]*>/g, (tag) => tag.replace(/\sstyle="/g, ' data-held-style="'));
}

/** Stands in for a style element: its text becomes a sheet that the document adopts. */
function adopted(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  let text = '';
  element.hidden = true;
  document.adoptedStyleSheets.push(sheet);
  const remove = element.remove.bind(element);
  return Object.defineProperties(element, {
    sheet: { value: sheet },
    textContent: {
      get: () => text,
      set: (next: string) => {
        text = next;
        sheet.replaceSync(next);
      },
    },
    remove: {
      value: () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
        remove();
      },
    },
  });
}

/** What the library has set since on its own stays. */
function applyHeld(node: Node): void {
  if (!(node instanceof Element)) return;
  const held = [node, ...node.querySelectorAll('[data-held-style]')];
  for (const element of held) {
    const text = element.getAttribute('data-held-style');
    if (text === null || !(element instanceof HTMLElement)) continue;
    element.removeAttribute('data-held-style');
    const parsed = new CSSStyleSheet();
    parsed.replaceSync(`x{${text}}`);
    const rule = parsed.cssRules[0];
    if (!(rule instanceof CSSStyleRule)) continue;
    for (const name of rule.style)
      if (element.style.getPropertyValue(name) === '')
        element.style.setProperty(name, rule.style.getPropertyValue(name));
  }
}
