import { z } from 'zod';
import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';
import { text } from './fields.ts';

export const shellIntents: readonly IntentSource[] = [
  learnable('shell.run', 'run a shell command', 'run-code', z.object({ command: text }), [
    'run {command:<`free -m`|`ls -la /tmp`|`uname -a`|`ps aux`>} <|please|for me|on the worker>',
    'run {command:<df -h|ls -l|free -m|ps aux>}',
    'run {command:<uptime|hostname|whoami|date>}',
    'run the <shell |bash ||>command {command:<ls -la|`date`|whoami|"df -i">}',
    'execute {command:<`cat /etc/hosts`|"uptime"|`netstat -tlnp`|hostname -f>} <|please|>',
    'execute the command {command:<top -b -n 1|`vmstat 1 3`|lsblk>}',
    'shell: {command:<tail -n 20 /var/log/syslog|echo hello|dig corp.io|ls>}',
    'bash: {command:<for i in 1 2 3; do echo $i; done|env -0|date -u>}',
    '$ {command:<ls -al /opt|cat /proc/loadavg|du -sh .>}',
    'sh -c {command:<"echo hi"|"ls /">}',
    'can you run {command:<`systemctl status nginx`|"ss -s"|`dmesg -T`|`iostat -x`>} <on the host||please>',
    'run this <command|script|in the shell>: {command:<nslookup corp.io|ps -ef|find / -name core>}',
    'please run {command:<curl -I https://corp.io|ping -c 3 10.0.0.1|dig +short corp.io|grep -r foo /etc>}',
    'exec {command:<`id`|ls /var/lib|`sysctl -a`>}',
    'run a shell command: {command:<uptime|find . -type f|wc -l /etc/passwd>}',
    'run the script {command:<./cleanup.sh|./scripts/backup.sh --full|"bash fix.sh">}',
    'could you execute {command:<`traceroute 8.8.8.8`|`openssl version`|python3 -V>} <for me|and show me the output>',
    'in the shell run {command:<`mount`|`crontab -l`>}',
    'shell command {command:<lsof -i :8080|uname -r>}',
    'run {command:`ps aux | grep java`}',
    'bash: {command:env | sort}',
    'shell: {command:dmesg | tail -n 20}',
    'execute {command:"cat /etc/passwd | wc -l"} please',
    'excute {command:<`df -i`|`who`>}',
  ]),
];
