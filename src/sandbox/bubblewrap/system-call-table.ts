/** Numbers of system calls on one kind of machine. */
export type SystemCalls = {
  /** AUDIT_ARCH_*; calls of another kind are refused. */
  machine: number;
  /** Numbers from here on belong to another calling convention (x32). */
  otherCallsFrom?: number;
  refused: readonly number[];
  clone: number;
  clone3: number;
  socket: number;
};

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others, such as AF_VSOCK, reach past the network namespace. */
export const socketFamilies = [1, 2, 10, 16] as const;

/** Calls with one number on every kind of machine: io_uring_*, open_tree … fspick, pidfd_getfd, mount_setattr. */
const common = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442];

/** By Node's name of the architecture. */
export const systemCalls: Readonly<Record<string, SystemCalls>> = {
  x64: {
    machine: 0xc000_003e,
    otherCallsFrom: 0x4000_0000,
    clone: 56,
    clone3: 435,
    socket: 41,
    refused: [
      ...common,
      // unshare, setns, mount, umount2, pivot_root, chroot
      ...[272, 308, 165, 166, 155, 161],
      // ptrace, process_vm_readv, process_vm_writev
      ...[101, 310, 311],
      // bpf, perf_event_open, userfaultfd, keyctl, add_key, request_key
      ...[321, 298, 323, 250, 248, 249],
      // kexec_load, kexec_file_load, init_module, finit_module, delete_module
      ...[246, 320, 175, 313, 176],
      // name_to_handle_at, open_by_handle_at, swapon, swapoff, reboot, settimeofday, clock_settime
      ...[303, 304, 167, 168, 169, 164, 227],
      // adjtimex, clock_adjtime, syslog, acct, quotactl, iopl, ioperm, lookup_dcookie, modify_ldt
      ...[159, 305, 103, 163, 179, 172, 173, 212, 154],
    ],
  },
  arm64: {
    machine: 0xc000_00b7,
    clone: 220,
    clone3: 435,
    socket: 198,
    refused: [
      ...common,
      // unshare, setns, mount, umount2, pivot_root, chroot
      ...[97, 268, 40, 39, 41, 51],
      // ptrace, process_vm_readv, process_vm_writev
      ...[117, 270, 271],
      // bpf, perf_event_open, userfaultfd, keyctl, add_key, request_key
      ...[280, 241, 282, 219, 217, 218],
      // kexec_load, kexec_file_load, init_module, finit_module, delete_module
      ...[104, 294, 105, 273, 106],
      // name_to_handle_at, open_by_handle_at, swapon, swapoff, reboot, settimeofday, clock_settime
      ...[264, 265, 224, 225, 142, 170, 112],
      // adjtimex, clock_adjtime, syslog, acct, quotactl, lookup_dcookie
      ...[171, 266, 116, 89, 60, 18],
    ],
  },
};
