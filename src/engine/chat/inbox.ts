import type { Inbox } from '../../domain/ports/chat-platform.ts';
import { planCard } from '../card.ts';
import type { GatewayEngine } from '../engine.ts';
import { visiblePlan } from '../visibility.ts';
import { takeClick } from './click.ts';
import { takeCommand } from './command.ts';
import { homeOf } from './home.ts';
import { knownPerson } from './identify.ts';
import type { ChatStore } from './ports.ts';
import { changeChat, receiveChat } from './receive-chat.ts';

/** What chat platforms hand things to. */
export function createInbox(engine: GatewayEngine, chat: ChatStore): Inbox {
  const around = { engine, chat };
  return {
    message: (message) => receiveChat(around, message),
    changed: (change) => changeChat(engine, change),
    click: (click) => takeClick(around, click),
    command: (command) => takeCommand(engine, command),
    home: (from, standing) => homeOf(engine, knownPerson(engine, from, standing)),
    async plan(from, planId) {
      return planCard(engine, await visiblePlan(engine, planId, knownPerson(engine, from, 'member')));
    },
  };
}
