package console

// bootSigns are those of a boot that went wrong, from the boot loader to systemd.
var bootSigns = []sign{
	// https://git.savannah.gnu.org/cgit/grub.git/tree/grub-core/{kern/{rescue_reader,disk,fs,dl}.c,commands/search.c,
	// loader/i386/linux.c}. A menu that goes on with another entry says such things, too.
	{words: "grub rescue>", kind: BootFailure},
	{words: "grub>", kind: BootFailure, passing: true},
	{words: "grubdom>", kind: BootFailure, passing: true}, // PV-GRUB, GRUB 0.97 of Xen
	{words: "minimal bash-like line editing is supported", kind: BootFailure, passing: true},
	{words: "error: no such device", kind: BootFailure, name: "device: *", passing: true},
	{words: "error: no such partition", kind: BootFailure, passing: true},
	{words: "error: unknown filesystem", kind: BootFailure, passing: true},
	{words: "error: disk `", kind: BootFailure, name: "*'", passing: true},
	{words: "error: disk '", kind: BootFailure, name: "*'", passing: true},
	{words: "error: file `", and: "/boot/vmlinuz", kind: BootFailure, name: "*'", passing: true},
	{words: "error: file '", and: "/boot/vmlinuz", kind: BootFailure, name: "*'", passing: true},
	{words: "error: symbol `", kind: BootFailure, passing: true},
	{words: "error: symbol '", kind: BootFailure, passing: true},
	{words: "error: invalid magic number", kind: BootFailure, passing: true},
	{words: "error: you need to load the kernel first", kind: BootFailure, passing: true},
	{words: "error: bad shim signature", kind: BootFailure, passing: true},
	{words: "failed to boot both default and fallback entries", kind: BootFailure},
	// GRUB 0.97's stage2/common.c, and Xen's mini-os and libxc beneath it
	{words: "error 9: unknown boot failure", kind: BootFailure},
	{words: "error 15: file not found", kind: BootFailure, passing: true},
	{words: "error 17: cannot mount selected partition", kind: BootFailure, passing: true},
	{words: "error invalid kernel: ", kind: BootFailure},
	{words: "mmu_update failed", kind: BootFailure},
	// SeaBIOS' src/boot.c, EDK2's BdsDxe, Windows' boot manager
	{words: "no bootable device", kind: BootFailure},
	{words: "not a bootable disk", kind: BootFailure, passing: true},
	{words: "no bootable option", kind: BootFailure},
	{words: "operating system not found", kind: BootFailure},
	{words: "bootmgr is missing", kind: BootFailure},
	{words: "windows failed to start. a recent", kind: BootFailure},
	{words: "needs to be repaired", kind: BootFailure}, // "Your PC/Device needs to be repaired"

	// https://github.com/torvalds/linux: init/do_mounts.c, init/main.c, kernel/module/kmod.c,
	// drivers/xen/xenbus/xenbus_probe_frontend.c; glibc's csu/libc-start.c; kmod's tools
	{words: "vfs: cannot open root device", kind: NoRoot, name: "* "},
	{words: "vfs: unable to mount root fs", kind: NoRoot, name: " on *"},
	{words: "kernel panic - not syncing: vfs: unable to mount root fs", kind: NoRoot, name: "root fs on *"},
	{words: "kernel panic - not syncing: no init found", kind: BootFailure},
	{words: "kernel panic - not syncing: no working init found", kind: BootFailure},
	{words: "kernel panic - not syncing: requested init", kind: BootFailure, name: "init * "},
	{words: "runaway loop modprobe", kind: BootFailure},
	{words: "timeout connecting to device", kind: NoVolume, name: "device: * ", passing: true},
	{words: "fatal: kernel too old", kind: BootFailure},
	{words: "could not load /lib/modules/", kind: BootFailure, passing: true},

	// https://salsa.debian.org/kernel-team/initramfs-tools/-/blob/master/{init,scripts/{functions,local}}
	{words: "gave up waiting for root", kind: NoRoot},
	{words: "alert!", and: "does not exist", kind: NoRoot, name: "* "},
	{words: "no root device specified", kind: NoRoot},
	{words: "failed to mount ", and: " as root file system", kind: NoRoot, name: "* "},
	{words: "mounting ", and: " on /root failed", kind: NoRoot, name: "* "}, // BusyBox' mount
	{words: "no init found. try passing init=", kind: BootFailure},
	{words: "requires a manual fsck", kind: FileSystemCheck, name: before},
	{words: "file system check of the ", and: " failed", kind: FileSystemCheck},

	// https://github.com/dracutdevs/dracut/blob/master/modules.d/{99base/dracut-lib.sh,98dracut-systemd,95rootfs-block,
	// 98selinux/selinux-loadpolicy.sh}; https://gitlab.archlinux.org/archlinux/mkinitcpio;
	// nixpkgs' nixos/modules/system/boot/stage-1-init.sh
	{words: "warning: /dev/", and: "does not exist", kind: NoRoot, name: "warning: * "},
	{words: `warning: "/dev/`, and: "does not exist", kind: NoRoot, name: "warning: * "},
	{words: "dracut-initqueue", and: "timeout", kind: NoRoot, passing: true},
	{words: "no root device ", kind: NoRoot, name: "* "},
	{words: "can't mount root filesystem", kind: NoRoot},
	{words: "could not boot.", kind: BootFailure},
	{words: "root device '", and: "doesn't exist", kind: NoRoot, name: "*'"},
	{words: "major/minor number of root device", kind: NoRoot, name: "device '*'"},
	{words: "unable to find root device", kind: NoRoot, name: "device *. "},
	{words: "an error occurred in stage ", and: "of the boot process", kind: BootFailure},

	// dracut's selinux-loadpolicy.sh, libselinux' load_policy.c, systemd's src/core/main.c
	{words: "unable to load selinux policy", kind: SELinux},
	{words: "failed to load selinux policy", kind: SELinux},
	{words: "initial selinux policy load failed", kind: SELinux},
	{words: "machine is in enforcing mode", kind: SELinux},
	{words: "machine in enforcing mode", kind: SELinux},

	// https://github.com/tytso/e2fsprogs/blob/master/e2fsck/{problem,unix}.c, util-linux' disk-utils/fsck.c,
	// systemd's src/fsck/fsck.c, Fedora's and Debian's init scripts
	{words: "unexpected inconsistency", kind: FileSystemCheck, name: before},
	{words: "run fsck manually", kind: FileSystemCheck},
	{words: "fsck failed", kind: FileSystemCheck},
	{words: "fsck died with exit status", kind: FileSystemCheck},
	{words: "failed to start file system check", kind: FileSystemCheck, name: "check on *"},
	{words: "an error occurred during the file system check", kind: FileSystemCheck},
	{words: "while trying to open /dev/", kind: FileSystemCheck, name: "open *"},
	{words: "superblock could not be read", kind: FileSystemCheck},
	{words: "check forced", kind: FileSystemCheck, passing: true},

	// https://github.com/systemd/systemd/blob/main/units/{emergency,rescue}.service.in, src/core/job.c;
	// util-linux' login-utils/sulogin.c, BusyBox' shell/ash.c, Ubuntu's mountall
	{words: "emergency shell", kind: Shell},
	{words: "emergency mode", kind: Shell},
	{words: "rescue shell", kind: Shell},
	{words: "rescue mode", kind: Shell},
	{words: "recovery shell", kind: Shell},
	{words: "maintenance shell", kind: Shell},
	{words: "password for maintenance", kind: Shell},
	{words: "press enter for maintenance", kind: Shell},
	{words: "cannot open access to console, the root account is locked", kind: Shell},
	{words: "dropping to a shell", kind: Shell},
	{words: "dropping you to a shell", kind: Shell},
	{words: "dropping to debug shell", kind: Shell},
	{words: "shell within the initramfs", kind: Shell},
	{words: "built-in shell (ash)", kind: Shell},
	{words: "(initramfs)", kind: Shell, passing: true},
	{words: "dracut:/#", kind: Shell},
	{words: "rdsosreport.txt", kind: Shell},
	{words: "general error mounting filesystems", kind: BootFailure},
	{words: "mountall: root filesystem isn't mounted", kind: NoRoot},

	// systemd's src/core/{job,mount,crash-handler,main}.c, util-linux' libmount
	{words: "timed out waiting for device", kind: NoVolume, name: "device *"},
	{words: "failed to mount ", kind: NoVolume, name: "*"},
	{words: "special device ", and: " does not exist", kind: NoVolume, name: "* "},
	{words: "freezing execution", kind: InitFreeze},
	{words: ", freezing", kind: InitFreeze},
	{words: "failed to mount api filesystems", kind: InitFreeze},
	{words: "systemd[1]: caught <", kind: InitFreeze, name: "<*>"},
}

// stageSigns are how far a boot came, and lines of it that look like a death and are not.
var stageSigns = []sign{
	{words: "linux version ", kind: booting}, // init/version.c
	{words: "welcome to grub", kind: booting},
	{words: "ami origin version: ", kind: booting}, // EC2Launch, EC2Config
	{words: prompt, kind: booted},
	{words: "reached target multi-user", kind: booted},
	{words: "reached target graphical", kind: booted},
	{words: "startup finished in ", kind: booted},
	{words: "cloud-init v. ", and: " finished at ", kind: booted},
	{words: "windows is ready to use", kind: booted},
	{words: "stopped target multi-user", kind: closing},
	{words: "systemd-shutdown[1]: ", kind: closing},
	{words: "reboot: power down", kind: closing}, // kernel/reboot.c
	{words: "reboot: system halted", kind: closing},
	{words: "the system is going down for ", kind: closing}, // sysvinit, logind

	{words: "command line: ", kind: noise}, // "panic=30", "oops=panic", "systemd.unit=rescue.target"
	{words: "condition check resulted in ", kind: noise},
	{words: "skipped because ", kind: noise},
	{words: "skipped, unmet condition", kind: noise},
}
