import { shellTable } from './kinds/shell.ts';
import { runTable } from './kinds/suite.ts';

runTable(shellTable);
