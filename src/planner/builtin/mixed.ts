import type { Message } from './text/message.ts';
import type { Classification } from './types.ts';

const joiner =
  /\s*(?:[,;]\s*(?:and then|and also|and|then|after that|afterwards|&)\s+|[,;]\s+|\s+(?:and then|and also|then|and|after that|plus|&)\s+)/i;
const sequel = /(?:\bthen\b|\bafter that\b|\bafterwards\b|\bwait (?:for|until)\b)/i;

/** The clauses of a message that may be requests of their own; none where splitting could cut a quoted text. */
export function clausesOf({ text }: Message): string[] {
  if (/["'`{}()|$]/.test(text.replace(/\b(?:i|you|we|it|that|what|who|let|don|how)'\w+/gi, ''))) return [];
  const clauses = text.split(joiner).filter((clause) => clause.trim().split(/\s+/).length >= 2);
  return clauses.length < 2 || clauses.length > 8 ? [] : clauses;
}

/** Whether the clauses ask for other operations than `whole`, the intent of them all; one that says nothing clear counts for nothing. */
export function asksDifferentThings(
  message: Message,
  whole: string,
  read: (clause: string) => Classification,
): boolean {
  const clauses = clausesOf(message);
  const sure = clauses
    .map(read)
    .filter(({ intent, confidence, params }) => isRequest(intent, params) && confidence >= 0.75);
  const intents = new Set(sure.map(({ intent }) => intent));
  if (intents.size > 1 && distinctObjects(sure)) return true;
  if (sure.length > 0 && clauses.length > 2 && sequel.test(message.text)) return true;
  const [first] = clauses;
  const [head] = sure;
  if (
    first === undefined ||
    head === undefined ||
    read(first).intent !== head.intent ||
    head.intent !== whole
  )
    return false;
  return clauses.slice(1).some((clause) => isOrder(clause) && isAnother(read(clause).intent, head.intent));
}

function isAnother(intent: string, first: string): boolean {
  return intent !== first && intent !== 'none' && !intent.startsWith('reign.');
}

/** A clause that begins with an order to change something. */
function isOrder(clause: string): boolean {
  return orders.test(clause);
}

const orders =
  /^(?:please |also |finally |just )*(?:deploy|restart|bounce|scale|delete|remove|roll|rollback|revert|merge|push|drain|cordon|uncordon|apply|destroy|install|uninstall|upgrade|migrate|promote|release|reboot|redeploy|stop|kill|silence|rerun|trigger|publish|ship|switch|shut|verify|test|fix|replace|clean|wait|watch|monitor)\b/i;

function isRequest(intent: string, params: Classification['params']): boolean {
  return (
    intent !== 'none' &&
    intent !== 'complex' &&
    !intent.startsWith('reign.') &&
    Object.keys(params).length > 0
  );
}

/** "x is stuck, restart it" is about one thing; two requests each name theirs. */
function distinctObjects(sure: readonly Classification[]): boolean {
  const named = sure.filter(({ params }) =>
    Object.entries(params).some(
      ([field, value]) => typeof value === 'string' && field !== 'environment' && field !== 'namespace',
    ),
  );
  return new Set(named.map(({ intent }) => intent)).size > 1;
}
