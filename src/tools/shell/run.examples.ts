/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'run `du -sh /var`', params: { command: 'du -sh /var' } },
  { request: 'execute uname -a', params: { command: 'uname -a' } },
  { request: 'run the command cat /etc/os-release', params: { command: 'cat /etc/os-release' } },
  { request: 'shell: ls -la /tmp', params: { command: 'ls -la /tmp' } },
  { request: 'please run "free -m" for me', params: { command: 'free -m' } },
  { request: 'exec date -u', params: { command: 'date -u' } },
  {
    request: 'run this in bash: for i in 1 2 3; do echo $i; done',
    params: { command: 'for i in 1 2 3; do echo $i; done' },
  },
  { request: 'can you execute `openssl version`?', params: { command: 'openssl version' } },
  { request: 'run shell command env | sort', params: { command: 'env | sort' } },
  { request: 'run a shell command', params: {} },
  { request: 'run echo hello > /tmp/greeting', params: { command: 'echo hello > /tmp/greeting' } },
  { request: 'execute the command `ps aux | head -5`', params: { command: 'ps aux | head -5' } },
  { request: '$ wc -l /etc/passwd', params: { command: 'wc -l /etc/passwd' } },
  { request: 'run script ./cleanup.sh --dry', params: { command: './cleanup.sh --dry' } },
  {
    request: 'run `sh backup.sh` in staging with the files of nightly',
    params: { command: 'sh backup.sh', environment: 'staging', files: 'nightly' },
  },
  {
    request: 'execute `python3 check.py` with the files of reports/weekly',
    params: { command: 'python3 check.py', files: 'reports/weekly' },
  },
];
