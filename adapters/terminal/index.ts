export { type ChatLine, readLine } from './inbound.ts';
export { renderBody, renderContent, renderProgress } from './render.ts';
