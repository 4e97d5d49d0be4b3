/** Where a remark begins that says why, after the request itself. */
const remark =
  /(?:[,;.?!]+\s+|\s+-\s+|\s+(?=(?:because|since it|as it|so that|so we)\b))(?=(?:it|its|it's|we|we're|they|they're|i|i'm|the|this|that|there|there's|because|since|as|so|looks|seems|wrong|needs|still|nobody|someone|somebody|customers|users|our|just|sorry|no rush|for)\b)/i;
const action =
  /\b(?:then|fix|find|figure|investigate|check|verify|make sure|ensure|restart|scale|roll|deploy|delete|remove|create|stop|start|undo|revert|silence|merge|run|drain|cordon|uncordon|apply|destroy|install|upgrade|cancel|approve|reject|bounce|migrate|if|set|show|list|tell|give|get|namespace|ns|to|in|on|with)\b/i;

/** The request of a message without the remark behind it ("…, it's not picking up the config"); undefined when none. */
export function withoutRemark(text: string): string | undefined {
  if (/["'`{}]/.test(text.replace(/\b\w+'\w+/g, ''))) return undefined;
  const match = remark.exec(text);
  if (!match || match.index < 8) return undefined;
  const rest = text.slice(match.index + match[0].length);
  if (action.test(rest.replace(/^(?:it|its|it's)\b/i, ''))) return undefined;
  return text.slice(0, match.index).trim();
}
