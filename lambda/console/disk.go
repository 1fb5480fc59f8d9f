package console

// diskSigns are those of disks and of the file systems on them.
//
// The paths are of https://github.com/torvalds/linux.
var diskSigns = []sign{
	// block/blk-mq.c, blk-core.c: "I/O error, dev nvme1n1, …", "critical medium error, dev …",
	// before 5.15 after "blk_update_request: ", before 3.9 after "end_request: ".
	{words: " error, dev ", kind: DiskError, name: dev},
	{words: "operation not supported error, dev ", kind: noise}, // a disk that cannot discard
	{words: " error, dev ", and: ":(discard)", kind: noise},
	{words: " error, dev fd0", kind: noise}, // the floppy drive of Xen that is none
	{words: " error, dev sr0", kind: noise},
	{words: " error, dev loop", kind: noise},
	{words: "attempt to access beyond end of device", kind: DiskError},

	// fs/buffer.c, before 4.13 with "device"
	{words: "buffer i/o error on dev ", kind: DiskError, name: dev},
	{words: "buffer i/o error on device ", kind: DiskError, name: "device *, "},
	{words: "buffer i/o error on dev fd0", kind: noise},
	{words: "buffer i/o error on device fd0", kind: noise},
	{words: "buffer i/o error on dev sr0", kind: noise},
	{words: "lost page write due to", kind: DiskError},

	// drivers/nvme/host/{core,pci}.c: "nvme nvme0: I/O 23 QID 1 timeout, aborting", since 6.3
	// "I/O tag 23 (1017) opcode 0x2 (I/O Cmd) QID 1 timeout, …"
	{words: "nvme nvme", and: " qid ", kind: DiskError, name: "nvme *: "},
	{words: " qid ", and: " timeout", kind: DiskError}, // before 4.5 the name of the PCI device
	{words: "nvme nvme", and: "controller is down", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "device not ready", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "removing after probe failure", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "after reset failure", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "failed to mark controller", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "error detected", kind: DiskError, name: "nvme *: "},
	{words: "nvme nvme", and: "io queues lost", kind: DiskError, name: "nvme *: "},
	{words: ": i/o cmd(", and: " error (sct", kind: DiskError, name: before},

	// drivers/scsi/scsi_lib.c and scsi_logging.c, drivers/md, drivers/block/drbd
	{words: "failed result: hostbyte=", kind: DiskError},
	{words: "rejecting i/o to ", kind: DiskError},
	{words: "disk failure on ", kind: DiskError, name: "*, "},
	{words: "unrecoverable i/o ", kind: DiskError},
	{words: "neither local nor remote d", kind: DiskError},
	{words: "local io failed in ", kind: DiskError},

	// https://github.com/openzfs/zfs/blob/master/module/zfs/spa_misc.c
	{words: "pool '", and: "uncorrectable i/o failure", kind: DiskError, name: "*'"},

	// Whatever reads or writes a file: EIO
	{words: ": input/output error", kind: DiskError},

	// fs/ext4/super.c and those of ext2, ext3; fs/jbd2/{journal,commit}.c
	{words: "-fs error (device ", kind: FileSystemError, name: device},
	{words: "ext4-fs error", kind: FileSystemError, name: device},
	{words: "ext4-fs (", and: "group descriptors corrupted", kind: FileSystemError, name: inParens},
	{words: "ext4-fs (", and: "error loading journal", kind: FileSystemError, name: inParens},
	{words: "ext4-fs (", and: "mounting fs with errors", kind: FileSystemError, name: inParens},
	{words: "ext4-fs (", and: "bad geometry", kind: FileSystemError, name: inParens},
	{words: "-fs warning (device ", and: "error -5", kind: FileSystemError, name: device},
	{words: "aborting journal on device ", kind: FileSystemError, name: "device *. "},
	{words: "jbd2: ", and: "i/o error", kind: DiskError},
	{words: "jbd2: ", and: "io errors", kind: DiskError},
	{words: "jbd2: journal recovery failed", kind: FileSystemError},
	{words: "jbd2: journal transaction ", and: "is corrupt", kind: FileSystemError},

	// fs/xfs/xfs_{fsops,error,log,log_recover,mount,buf}.c
	{words: "xfs (", and: "corrupt", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "crc error", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "internal error", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "shutting down filesystem", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "has been shut down", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "xfs_do_force_shutdown", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "log mount", kind: FileSystemError, name: inParens}, // "log mount/recovery failed", "log mount failed"
	{words: "xfs (", and: "duplicate uuid", kind: FileSystemError, name: inParens},
	{words: "xfs (", and: "i/o error", kind: DiskError, name: inParens},

	// fs/btrfs/{messages,disk-io}.c, fs/squashfs
	{words: "btrfs: error (device ", kind: FileSystemError, name: device},
	{words: "btrfs error (device ", kind: FileSystemError, name: device},
	{words: "btrfs critical (device ", kind: FileSystemError, name: device},
	{words: "btrfs panic (device ", kind: FileSystemError, name: device},
	{words: "squashfs error: ", kind: FileSystemError},

	// fs/ext4/super.c, fs/btrfs/super.c
	{words: "remounting filesystem read-only", kind: ReadOnly},
	{words: "-fs (", and: "remounting filesystem read-only", kind: ReadOnly, name: inParens},
	{words: "forced readonly", kind: ReadOnly, name: device},

	// fs/nfs, net/sunrpc/clnt.c
	{words: "nfs: server ", and: "not responding", kind: NoFileServer, name: "server * "},

	// Whatever writes a file: ENOSPC, EDQUOT. Nor has inotify space left if it has too many
	// watches. gzip/util.c, drivers/md/dm-thin.c, audit-userspace's auditd-event.c
	{words: "no space left on device", kind: DiskFull},
	{words: "directory watch: no space left on device", kind: noise},
	{words: "disk quota exceeded", kind: DiskFull},
	{words: "write error (disk full?)", kind: DiskFull},
	{words: "switching pool to out-of-data-space mode", kind: DiskFull},
	{words: "audit daemon has no space left", kind: DiskFull},
	{words: "audit daemon is low on disk space", kind: DiskFull},
	{words: "audit daemon is now halting the system", kind: DiskFull},
}
