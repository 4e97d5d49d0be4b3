import { bucket } from './bucket.ts';
import { cluster } from './cluster.ts';
import { database } from './database.ts';
import { machine } from './machine.ts';
import { network } from './network.ts';
import { role } from './role.ts';

export const aws = { bucket, network, cluster, database, machine, role };
