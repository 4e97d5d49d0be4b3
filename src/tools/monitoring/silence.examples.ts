/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'silence HighLatency for 2h', params: { alert: 'HighLatency', duration: '2h' } },
  {
    request: 'mute the alert DiskAlmostFull for 30 minutes',
    params: { alert: 'DiskAlmostFull', duration: '30 minutes' },
  },
  { request: 'silence KubePodCrashLooping', params: { alert: 'KubePodCrashLooping' } },
  {
    request: 'amtool silence add alertname=NodeDown --duration=1h',
    params: { alert: 'NodeDown', duration: '1h' },
  },
  { request: 'snooze QueueTooLong for a day', params: { alert: 'QueueTooLong', duration: 'a day' } },
  {
    request: 'stop paging us about CertExpiresSoon for 24h',
    params: { alert: 'CertExpiresSoon', duration: '24h' },
  },
  { request: 'quiet down BackupLate until tomorrow', params: { alert: 'BackupLate' } },
  { request: 'put a silence of 4h on PaymentErrors', params: { alert: 'PaymentErrors', duration: '4h' } },
  { request: 'suppress ReplicaLag for 90m please', params: { alert: 'ReplicaLag', duration: '90m' } },
  {
    request: 'i want the alert TargetMissing silent for 3 hours',
    params: { alert: 'TargetMissing', duration: '3 hours' },
  },
  { request: 'shush MemoryPressure for 15m', params: { alert: 'MemoryPressure', duration: '15m' } },
  { request: 'silence an alert', params: {} },
];
