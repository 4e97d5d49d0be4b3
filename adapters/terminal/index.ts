export { type ChatLine, readLine } from './inbound.ts';
export { clean, renderBody, renderContent, renderProgress } from './render.ts';
