import { kubernetesTable } from './kinds/kubernetes.ts';
import { runTable } from './kinds/suite.ts';

runTable(kubernetesTable);
