package console

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// consoles are what instances left, by what happened to them, with the lines that are
// to be quoted.
var consoles = map[string][]string{
	"healthy": nil,
	"out-of-memory": {
		"[172800.100410] Out of memory: Killed process 1234 (java) total-vm:8392456kB, anon-rss:7291232kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:15428kB oom_score_adj:0",
		"[172801.000000] systemd[1]: app.service: Main process exited, code=killed, status=9/KILL",
		"[172801.000010] systemd[1]: app.service: Failed with result 'oom-kill'.",
	},
	"out-of-memory-3.10": {
		"[28663.700000] Out of memory: Kill process 21945 (tidb-server) score 956 or sacrifice child",
		"[28663.700100] Killed process 21945 (tidb-server), UID 1000, total-vm:33027492kB, anon-rss:31303276kB, file-rss:0kB, shmem-rss:0kB",
		"Mar 14 16:55:07 localhost systemd: tidb-4000.service: main process exited, code=killed, status=9/KILL",
		"Mar 14 16:55:07 localhost systemd: Unit tidb-4000.service entered failed state.",
		"[28700.625375] Kernel panic - not syncing: Out of memory and no killable processes...",
	},
	"panic": {
		"[ 1139.400000] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [kworker/1:1:4711]",
		"[ 1139.410000] INFO: task jbd2/nvme0n1p1-:812 blocked for more than 120 seconds.",
		"[ 1139.416572] BUG: unable to handle page fault for address: ffffd37000000010",
		"[ 1139.416590] Oops: 0002 [#1] PREEMPT SMP NOPTI",
		"[ 1140.520820] Kernel panic - not syncing: Fatal exception in interrupt",
	},
	"disk": {
		"[ 4001.000100] blk_update_request: I/O error, dev nvme1n1, sector 4096 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0 (2 times)",
		"[ 4001.000200] EXT4-fs error (device nvme1n1): ext4_find_entry:1682: inode #2: comm java: reading directory lblock 0",
		"[ 4001.000300] EXT4-fs (nvme1n1): Remounting filesystem read-only",
		"[ 4002.000000] XFS (nvme0n1p1): Metadata corruption detected at xfs_agf_read_verify+0x80/0x100 [xfs], xfs_agf block 0x1",
		"[ 4003.000000] app[811]: upload https://bot:•••@files.example/put?token=•••&n=1: write /tmp/put: No space left on device",
	},
	"units": { // the warning of util.py is the ninth from the end
		"2026-02-02 12:44:07,241 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user (scripts in /var/lib/cloud/instance/scripts)",
		"2026-02-02 12:44:07,243 - util.py[WARNING]: Running module scripts-user (<module 'cloudinit.config.cc_scripts_user' from '/usr/lib/python3.9/site-packages/cloudinit/config/cc_scripts_user.py'>) failed",
		"[FAILED] Failed to start cloud-final.service - Execute cloud user/final scripts.",
		"[DEPEND] Dependency failed for worker.service - Worker.",
		"[ 80.100004] systemd[1]: app.service: Main process exited, code=exited, status=1/FAILURE (5 times)",
		"[ 80.200004] systemd[1]: app.service: Failed with result 'exit-code'. (5 times)",
		"[ 90.000000] systemd[1]: app.service: Start request repeated too quickly.",
		"[ 91.000000] systemd[1]: Failed to start app.service - Some service.",
	},
}

// causes are what the same instances died of.
var causes = map[string]string{
	"healthy":            "",
	"out-of-memory":      "ran out of memory (java)",
	"out-of-memory-3.10": "ran out of memory (tidb-server)",
	"panic":              "hit a kernel bug",
	"disk":               "had disk errors (nvme1n1)",
	"units":              "failed in its start script (scripts-user)",
}

func read(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// quoted are the lines that are quoted of a text.
func quoted(text string) []string { return Read(Output{Text: text}).Lines }

func TestRead(t *testing.T) {
	if files, _ := filepath.Glob("testdata/*.txt"); len(files) != len(consoles) {
		t.Errorf("%d consoles in testdata, %d with the lines to be quoted", len(files), len(consoles))
	}
	for name, want := range consoles {
		for i := range want {
			want[i] = notice.Line(want[i])
		}
		got := Read(Output{Text: read(t, name)})
		if !slices.Equal(got.Lines, want) {
			t.Errorf("%s: quoted\n%s\nwant\n%s", name, strings.Join(got.Lines, "\n"), strings.Join(want, "\n"))
		}
		if got.Cause() != causes[name] {
			t.Errorf("%s: cause is %q, want %q", name, got.Cause(), causes[name])
		}
	}
}

// TestHealthy reads whole consoles of machines that did not die, made of what their
// kernels, init systems and agents write: no line is taken for the last words.
func TestHealthy(t *testing.T) {
	files, err := filepath.Glob("testdata/healthy/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d consoles, %v", len(files), err)
	}
	posted := time.Date(2026, 9, 1, 11, 58, 0, 0, time.UTC)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := Read(Output{Text: string(raw), Posted: posted, Ended: posted.Add(-time.Minute)})
		if len(got.Lines) != 0 || got.Kind != Unknown || got.Cause() != "" {
			t.Errorf("%s: %s; quoted\n%s", file, got.Cause(), strings.Join(got.Lines, "\n"))
		}
		if !got.Whole {
			t.Errorf("%s: not whole", file)
		}
	}
}

// TestNoise has lines that say the words of a death and are none.
func TestNoise(t *testing.T) {
	for _, line := range []string{
		"[    0.000000] Kernel command line: root=/dev/xvda1 panic=30 systemd.unit=rescue.target init=/bin/sh # emergency mode",
		"[    0.190000] NMI watchdog: Shutting down hard lockup detector on all cpus",
		"[    0.190000] NMI watchdog: Perf event create on CPU 0 failed with -2",
		"[    1.101000]   Magic number: 14:600:500",
		"[    1.310000] nvme nvme0: Shutdown timeout set to 10 seconds",
		"[    1.300000] blk_update_request: I/O error, dev fd0, sector 0",
		"[    1.300000] Buffer I/O error on dev fd0, logical block 0, async page read",
		"[    1.300000] Buffer I/O error on dev sr0, logical block 0, async page read",
		"[    1.300000] end_request: I/O error, dev fd0, sector 0",
		"[    1.300000] I/O error, dev sr0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2",
		"[    1.300000] I/O error, dev loop3, sector 0 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2",
		"[    5.600000] critical target error, dev nvme1n1, sector 4096 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 0",
		"[    5.600000] operation not supported error, dev nvme1n1, sector 2048 op 0x9:(WRITE_ZEROES) flags 0x800",
		"[    2.210000] EXT4-fs (nvme0n1p15): mounted filesystem with ordered data mode. Opts: errors=remount-ro",
		"[    4.600000] mce: [Hardware Error]: Machine check events logged",
		"[    1.101000] EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0",
		"[    0.301000] SELinux:  Disabled at runtime.",
		"[    2.000000] audit: type=1404 audit(1788260402.000:2): enforcing=1 old_enforcing=0",
		"systemd[1]: Successfully loaded SELinux policy in 172.312ms.",
		"systemd[1]: Condition check resulted in Emergency Shell being skipped.",
		"systemd[1]: emergency.service - Emergency Shell was skipped because of an unmet condition check (ConditionPathExists=/x).",
		"systemd[1]: Failed to add /run/systemd/ask-password to directory watch: No space left on device",
		"[FAILED] Failed to start Crash recovery kernel arming.",
		"[  OK  ] Started File System Check on /dev/disk/by-label/UEFI.",
		"[  OK  ] Started Userspace Out-Of-Memory (OOM) Killer.",
		"systemd[1]: app.service: Main process exited, code=exited, status=0/SUCCESS",
		"systemd[1]: app.service: Main process exited, code=killed, status=15/TERM",
		"systemd[1]: app.service: Main process exited, code=exited, status=143/n/a",
		"---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---",
		"oom_reaper: reaped process 1234 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB",
		"pci 0000:00:1f.0: BAR 13: no space for [io  size 0x1000]",
		"dracut-pre-udev[430]: modprobe: FATAL: Module floppy not found in directory /lib/modules/4.18.0",
		"error: no suitable video mode found.",
		"xenbus_probe_frontend: Device with no driver: device/vbd/2048",
		"ci-info: !!!!!!!!!!!!!!!!Route info failed!!!!!!!!!!!!!!!!",
		"2026-09-01 11:00:05,000 - cc_final_message.py[WARNING]: Used fallback datasource",
		"sysctl: kernel.panic = 10",
	} {
		if got := quoted("all is well\n" + line + "\nall is well"); got != nil {
			t.Errorf("quoted %q", got)
		}
	}
}

// TestCause has consoles of several lines, and which of them is the cause.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstances.html has
// some of them.
func TestCause(t *testing.T) {
	const kill = "Out of memory: Killed process 1 (java) total-vm:1kB, anon-rss:1kB\n"
	for _, tt := range []struct{ name, text, cause string }{
		{"the processes killed last", "Out of memory: Killed process 1 (java) total-vm:1kB\nOut of memory: Killed process 2 (node) total-vm:1kB\n", "ran out of memory (node)"},
		{"the child of the process chosen", "Out of memory: kill process 20273 (httpd) score 1285879\nor a child\nKilled process 1917 (php-cgi) vsz:467184kB, anon-\n", "ran out of memory (php-cgi)"},
		{"memory, then a panic", kill + "Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled\n", "ran out of memory (java)"},
		{"memory, then a service", kill + "systemd[1]: app.service: Failed with result 'oom-kill'.\n", "ran out of memory (java)"},
		{"a container's memory, then a panic", "Memory cgroup out of memory: Killed process 7 (node) total-vm:1kB\nKernel panic - not syncing: Fatal exception\n", "had a kernel panic (Fatal exception)"},
		{"SELinux, then a panic", "Unable to load SELinux Policy. Machine is in enforcing mode. Halting now.\nKernel panic - not syncing: Attempted to kill init!\n", "was halted by SELinux"},
		{"no root, then a panic", "VFS: Cannot open root device \"xvda1\" or unknown-block(0,0): error -6\nKernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n", "did not find its root device (unknown-block(0,0))"},
		{"a bug, then a panic", "kernel BUG at fs/inode.c:612!\nOops: 0000 [#1] SMP\nKernel panic - not syncing: Fatal exception\n", "hit a kernel bug (fs/inode.c:612)"},
		{"a bug of a process", "BUG: unable to handle kernel NULL pointer dereference at 0000000000000008\nOops: 0000 [#1] SMP\nModules linked in:\nCPU: 0 PID: 7206 Comm: dockerd Not tainted 4.9.31-moby #1\n", "hit a kernel bug (dockerd)"},
		{"a stall of a process", "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\nrcu:     0-...0: (1 GPs behind)\nSending NMI from CPU 2 to CPUs 0:\nCPU: 0 UID: 992 PID: 24017 Comm: kworker/0:0 Tainted: G            E     6.12.55\n", "had a CPU stalled (kworker/0:0)"},
		{"a bug outside of a process", "BUG: kernel NULL pointer dereference, address: 0000000000000008\nx Comm: all that the script wrote Not tainted \n", "hit a kernel bug"},
		{"a disk, then its journal, file system and tasks", "nvme nvme1: I/O 3 QID 1 timeout, aborting\nINFO: task java:1 blocked for more than 120 seconds.\nAborting journal on device nvme1n1-8.\nEXT4-fs (nvme1n1): Remounting filesystem read-only\n", "had disk errors (nvme1)"},
		{"a volume, then the emergency shell", "[ TIME ] Timed out waiting for device dev-xvdf.device - /dev/xvdf.\n[DEPEND] Dependency failed for /data.\n[  OK  ] Started Emergency Shell.\n", "could not mount a volume (dev-xvdf.device)"},
		{"a check that waits", "/dev/xvda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.\n\t(i.e., without -a or -p options)\nfsck exited with status code 4\ndone.\nFailure: File system check of the root filesystem failed\nThe root filesystem on /dev/xvda1 requires a manual fsck\n\nBusyBox v1.30.1 (Ubuntu 1:1.30.1-7ubuntu3) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n(initramfs) ", "failed its file system check (/dev/xvda1)"},
		{"GRUB's prompt", "error: no such device: 00000000-0000-4000-8000-000000000001.\nerror: unknown filesystem.\nEntering rescue mode...\ngrub rescue> ", "did not boot (00000000-0000-4000-8000-000000000001)"},
		{"GRUB went on", "error: no such device: 00000000-0000-4000-8000-000000000001.\n[    0.000000] Linux version 6.1\n\nip-10-0-0-1 login: ", ""},
		{"a file system was checked", "Linux version 2.6\n/dev/sda1 has gone 361 days without being checked, check forced\n\nip-10-0-0-1 login: ", ""},
		{"a file system is being checked", "Linux version 2.6\n[/sbin/fsck.ext3 (1) -- /] fsck.ext3 -a /dev/sda1 \n/dev/sda1 has gone 361 days without being checked, check forced\n", "failed its file system check"},
		{"a service is stopped with the machine", "ip-10-0-0-1 login: \n[  OK  ] Stopped target Multi-User System.\nsystemd[1]: app.service: Failed with result 'timeout'.\n", ""},
		{"the kernel dies while the machine stops", "[  OK  ] Stopped target Multi-User System.\nBUG: kernel NULL pointer dereference, address: 0000000000000008\n", "hit a kernel bug"},
		{"a service failed before the reboot", "[  OK  ] Stopped target Multi-User System.\n[    0.000000] Linux version 6.1\nsystemd[1]: app.service: Failed with result 'exit-code'.\n", "had a service fail (app.service)"},
		{"a prompt before the kernel's line", "ip-10-0-0-1 login: [ 5.0] " + kill, "ran out of memory (java)"},
		{"lines written into each other", "[   21.830940] ehci-pci 0000:00:1d.0: EHCI[   36.425579] systemd-networkd[740]: eth0: Configured\n TIME ] Timed out waiting for device \x1b[0;1;39mdev-nvme0n1.device\x1b[0m.\n", "could not mount a volume (dev-nvme0n1.device)"},
	} {
		if got := Read(Output{Text: tt.text}).Cause(); got != tt.cause {
			t.Errorf("%s: cause is %q, want %q", tt.name, got, tt.cause)
		}
	}
}

// TestKindsHaveTheirPhrase checks that whatever can be found can be said.
func TestKindsHaveTheirPhrase(t *testing.T) {
	seen := map[string]bool{}
	for k := OutOfMemory; k < noise; k++ {
		if k.String() == "" || seen[k.String()] {
			t.Errorf("kind %d is %q", k, k)
		}
		seen[k.String()] = true
	}
	for _, k := range []Kind{-1, Unknown, noise, closing, 99} {
		if k.String() != "" {
			t.Errorf("kind %d is %q", k, k)
		}
	}
}

// TestSigns checks what the index takes for granted.
func TestSigns(t *testing.T) {
	for _, e := range newIndex().entries {
		s := e.sign
		if len(s.words) < 5 || s.words != lower(s.words) || s.and != lower(s.and) || s.kind == Unknown {
			t.Errorf("sign %+v", *s)
		}
	}
}

// TestScan checks that a sign is found at every other place and at those between, in either case, and
// with nothing before or after it.
func TestScan(t *testing.T) {
	x := newIndex()
	for _, e := range x.entries {
		for before, words := range map[string]string{"": e.sign.words, "x": e.sign.words, "xy": strings.ToUpper(e.sign.words)} {
			var at []int
			x.scan(before+words, func(s *sign, i int) {
				if s == e.sign {
					at = append(at, i)
				}
			})
			if !slices.Equal(at, []int{len(before)}) {
				t.Errorf("%q: found at %v", before+words, at)
			}
		}
	}
	x.scan(x.entries[0].sign.words[1:], func(s *sign, at int) { t.Errorf("%q begins before the text", s.words) })
}

// TestPrefaces checks that what the kernel writes before a kill is quoted where the
// console ends before the kill, and only there.
func TestPrefaces(t *testing.T) {
	const caller, place, kill = "[1.0] java invoked oom-killer: order=0", "[1.1] oom-kill:constraint=CONSTRAINT_NONE,task=java", "[1.2] Out of memory: Killed process 1 (java)"
	for console, want := range map[string][]string{
		caller + "\n" + place:               {caller, place},
		caller + "\n" + place + "\n" + kill: {kill},
	} {
		if got := quoted(console); !slices.Equal(got, want) {
			t.Errorf("quoted %q, want %q", got, want)
		}
	}
}

// TestFold checks that what differs in numbers is quoted once.
func TestFold(t *testing.T) {
	var text strings.Builder
	for i := range 14 {
		fmt.Fprintf(&text, "[%5d.%06d] list_del corruption, %016x->next is NULL\nall is well\n", i*100, i, 0xffff8936aaaaaaaa+uint64(i)*0x1f3b7)
		fmt.Fprintf(&text, "[%5d.%06d] I/O error, dev nvme1n1, sector %d op 0x1:(WRITE)\r\n", i*100, i, i*4096)
	}
	want := []string{
		"[ 1300.000013] list_del corruption, ffff8936aac4069d->next is NULL (14 times)",
		"[ 1300.000013] I/O error, dev nvme1n1, sector 53248 op 0x1:(WRITE) (14 times)",
	}
	if got := quoted(text.String()); len(got) != 2 || !strings.HasSuffix(got[0], "(14 times)") || got[1] != want[1] {
		t.Errorf("quoted %q, want as %q", got, want)
	}
	for _, pair := range [][2]string{
		{"Killed process 1 (java)", "Killed process 1 (node)"},
		{"dev sda, sector 1", "dev sdb, sector 1"},
		{"deadbeef", "facade"},
	} {
		if fold(pair[0]) == fold(pair[1]) {
			t.Errorf("%q is taken for %q", pair[0], pair[1])
		}
	}
}

// TestTheGravestAreKept shows that what the kernel said is not pushed out by the units
// that failed after it, nor the cause by its consequences.
func TestTheGravestAreKept(t *testing.T) {
	log := "Kernel panic - not syncing: VFS\n"
	for i := range 30 {
		log += fmt.Sprintf("systemd[1]: %s.service: Failed with result 'timeout'.\n", strings.Repeat("a", i+1))
	}
	got := quoted(log)
	if len(got) != maxLines || got[0] != "Kernel panic - not syncing: VFS" || !strings.Contains(got[7], strings.Repeat("a", 30)) {
		t.Errorf("quoted %q", got)
	}
	log = "Out of memory: Killed process 1 (java) total-vm:1kB\n"
	for i := range 30 {
		log += "INFO: task " + strings.Repeat("a", i+1) + ":1 blocked for more than 120 seconds.\n"
	}
	if got := quoted(log); len(got) != maxLines || !strings.HasPrefix(got[0], "Out of memory") || !strings.Contains(got[7], strings.Repeat("a", 30)) {
		t.Errorf("quoted %q", got)
	}
}

func TestQuotesAreBounded(t *testing.T) {
	got := quoted("No space left on device" + strings.Repeat(" ü", 5000))
	if len(got) != 1 || utf8.RuneCountInString(got[0]) != maxQuote || !strings.HasSuffix(got[0], "…") {
		t.Errorf("quoted %q", got)
	}
	// A secret is hidden before the line is cut.
	if got := quoted(strings.Repeat("x", 180) + " password=0123456789abcdef0123456789: No space left on device"); strings.Contains(got[0], "0123") {
		t.Errorf("quoted %q", got)
	}
	// Nor does the culprit have it.
	if got := Read(Output{Text: "Error occurred during build: mysql --password=0123456789abcdef"}); strings.Contains(got.Cause(), "0123") {
		t.Errorf("cause is %q", got.Cause())
	}
	// A login that follows a sign is not a prompt, and what follows it is not quoted alone.
	if got := quoted("Kernel panic login: hunter2"); !slices.Equal(got, []string{"Kernel panic login: hunter2"}) {
		t.Errorf("quoted %q", got)
	}
	if got := quoted("Kernel panic\n" + strings.Repeat("all is well\n", maxConsole/10)); got != nil {
		t.Errorf("quoted %q from before the last %d bytes", got, maxConsole)
	}
	if got := quoted(strings.Repeat("x", maxLine) + " Kernel panic"); got != nil {
		t.Errorf("quoted %q from beyond a line's first %d bytes", got, maxLine)
	}
}

// TestWhole checks when the lack of last words is a finding.
func TestWhole(t *testing.T) {
	ended := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	const boot, ready = "[    0.000000] Linux version 6.1\nall is well\n", "\nip-10-0-0-1 login: "
	full := strings.Repeat("all is well\n", maxConsole/10)
	for _, tt := range []struct {
		name   string
		text   string
		posted time.Time
		want   bool
	}{
		{"posted after the end", boot + ready, ended.Add(time.Minute), true},
		{"posted before the end", boot + ready, ended.Add(-time.Minute), false},
		{"posted nobody knows when", boot + ready, time.Time{}, false},
		{"stops while it boots", boot, ended.Add(time.Minute), false},
		{"stops while it boots again", boot + ready + boot, ended.Add(time.Minute), false},
		{"booted twice", boot + ready + boot + ready, ended.Add(time.Minute), true},
		{"wrote so much that the boot is gone", full, ended.Add(time.Minute), true},
		{"wrote so much, then booted again", full + boot, ended.Add(time.Minute), false},
		{"a few words", "all is well", ended.Add(time.Minute), false},
		{"empty", "", ended.Add(time.Minute), false},
		{"shut itself down before", boot + ready + "[  90.0] reboot: Power down\n", ended.Add(-time.Minute), true},
		{"shut itself down, and booted silently", boot + "[  90.0] reboot: Power down\n" + ready, ended.Add(-time.Minute), false},
		{"shut itself down, and booted", boot + "[  90.0] reboot: Power down\n" + boot, ended.Add(-time.Minute), false},
		{"Windows", "2026/09/01 11:00:53Z: AMI Origin Version: 2024.12.13\n2026/09/01 11:00:57Z: Message: Windows is Ready to use\n", ended.Add(time.Minute), true},
		{"Windows, not ready", "2026/09/01 11:00:53Z: AMI Origin Version: 2024.12.13\n", ended.Add(time.Minute), false},
	} {
		if got := Read(Output{Text: tt.text, Posted: tt.posted, Ended: ended}).Whole; got != tt.want {
			t.Errorf("%s: whole is %t", tt.name, got)
		}
	}
	if Read(Output{Text: boot + ready, Posted: ended}).Whole {
		t.Error("whole although the end is unknown")
	}
}

func TestPlain(t *testing.T) {
	for raw, want := range map[string]string{
		"\x1b[0;1;31mFAILED\x1b[0m x": "FAILED x",
		"\x1b[2J\x1b[1;1Hx\x1b[?25l":  "x",
		"a\x1b":                       "a",
		"a\x1b[":                      "a",
		"a\x1bcb":                     "ab",
		"plain":                       "plain",
	} {
		if got := plain(raw); got != want {
			t.Errorf("plain(%q) = %q, want %q", raw, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for name := range consoles {
		f.Add(read(f, name))
	}
	for _, w := range wordings {
		f.Add(w.line)
	}
	f.Add("\x1b[31m\x1b[\xffoops: \xc3password=\xff\xfe \x1b]0;t\x07")
	f.Fuzz(func(t *testing.T, log string) {
		report := Read(Output{Text: log})
		if len(report.Lines) > maxLines || (report.Kind == Unknown) != (len(report.Lines) == 0) {
			t.Errorf("%d lines of %q", len(report.Lines), report.Kind)
		}
		for _, q := range report.Lines {
			if q == "" || notice.Line(q) != q || utf8.RuneCountInString(q) > maxQuote+len(" (65536 times)") {
				t.Errorf("quoted %q", q)
			}
		}
		if c := report.Culprit; notice.Line(c) != c || len(c) > maxCulprit {
			t.Errorf("blamed %q", c)
		}
	})
}

// filled is a console of 64 KB that has a text at its end.
func filled(b *testing.B, last string) string {
	raw, err := os.ReadFile("testdata/healthy/ubuntu-22.04.txt")
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(string(raw)+"\n", maxConsole/len(raw)+1)
	return text[:maxConsole-len(last)] + last
}

func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{
		"healthy": filled(b, ""),
		"crash":   filled(b, read(b, "out-of-memory")),
		"storm":   filled(b, strings.Repeat("[9943664.191285] Buffer I/O error on device md0, logical block 209713024\n", 600)),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Read(Output{Text: text})
			}
		})
	}
}
