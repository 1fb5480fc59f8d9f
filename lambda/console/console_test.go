package console

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
		"[ 4001.000100] blk_update_request: I/O error, dev nvme1n1, sector 4096 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0 (the last of 2 alike)",
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
		"[ 80.100004] systemd[1]: app.service: Main process exited, code=exited, status=1/FAILURE (the last of 5 alike)",
		"[ 80.200004] systemd[1]: app.service: Failed with result 'exit-code'. (the last of 5 alike)",
		"[ 90.000000] systemd[1]: app.service: Start request repeated too quickly.",
		"[ 91.000000] systemd[1]: Failed to start app.service - Some service.",
	},
}

// TestOOMWithoutItsKill checks that what the kernel writes before a kill is quoted
// where the console ends before the kill, and only there.
func TestOOMWithoutItsKill(t *testing.T) {
	const caller, place, kill = "[1.0] java invoked oom-killer: order=0", "[1.1] oom-kill:constraint=CONSTRAINT_NONE,task=java", "[1.2] Out of memory: Killed process 1 (java)"
	for console, want := range map[string][]string{
		caller + "\n" + place:               {caller, place},
		caller + "\n" + place + "\n" + kill: {kill},
	} {
		if got := Crashes(console); !slices.Equal(got, want) {
			t.Errorf("quoted %q, want %q", got, want)
		}
	}
}

func read(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestCrashes(t *testing.T) {
	if files, _ := filepath.Glob("testdata/*.txt"); len(files) != len(consoles) {
		t.Errorf("%d consoles in testdata, %d with the lines to be quoted", len(files), len(consoles))
	}
	for name, want := range consoles {
		for i := range want {
			want[i] = notice.Line(want[i])
		}
		if got := Crashes(read(t, name)); !slices.Equal(got, want) {
			t.Errorf("%s: quoted\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestCrashesKeepTheGravest shows that what the kernel said is not pushed out by the
// units that failed after it.
func TestCrashesKeepTheGravest(t *testing.T) {
	log := "Kernel panic - not syncing: VFS\n"
	for i := range 30 {
		log += fmt.Sprintf("systemd[1]: %s.service: Failed with result 'timeout'.\n", strings.Repeat("a", i+1))
	}
	got := Crashes(log)
	if len(got) != maxCrashes || got[0] != "Kernel panic - not syncing: VFS" || !strings.Contains(got[7], strings.Repeat("a", 30)) {
		t.Errorf("quoted %q", got)
	}
	log = ""
	for i := range 30 {
		log += strings.Repeat("a", i+1) + " invoked oom-killer\n"
	}
	if got := Crashes(log); len(got) != maxCrashes || !strings.HasPrefix(got[7], strings.Repeat("a", 30)) {
		t.Errorf("quoted %q", got)
	}
}

// TestSigns has the wordings that no recorded console has.
func TestSigns(t *testing.T) {
	for _, line := range []string{
		"Memory cgroup out of memory: Killed process 7 (node) total-vm:1kB",
		"systemd-oomd[411]: Killed /system.slice/app.service due to memory pressure for /system.slice being 81.27% > 60.00% for > 20s with reclaim activity",
		"BUG: kernel NULL pointer dereference, address: 0000000000000008",
		"general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP",
		"watchdog: Watchdog detected hard LOCKUP on cpu 3",
		"XFS (dm-0): Corruption of in-memory data (0x8) detected at xfs_defer_finish_noroll",
		"[FAILED] Failed to mount data.mount - /data.",
		"You are in emergency mode. After logging in, type \"journalctl -xb\" to view",
		"2026-02-02 12:44:07,241 - main.py[ERROR]: failed stage init",
		"2026-02-02 12:44:07,241 - util.py[CRITICAL]: no instance data found",
	} {
		if got := Crashes("all is well\n" + line + "\nall is well"); !slices.Equal(got, []string{line}) {
			t.Errorf("of %q quoted %q", line, got)
		}
	}
}

func TestCrashesAreBounded(t *testing.T) {
	got := Crashes("No space left on device" + strings.Repeat(" ü", 5000))
	if len(got) != 1 || utf8.RuneCountInString(got[0]) != maxQuote || !strings.HasSuffix(got[0], "…") {
		t.Errorf("quoted %q", got)
	}
	// A secret is hidden before the line is cut.
	if got := Crashes(strings.Repeat("x", 180) + " password=0123456789abcdef0123456789: No space left on device"); strings.Contains(got[0], "0123") {
		t.Errorf("quoted %q", got)
	}
	if got := Crashes("Kernel panic\n" + strings.Repeat("all is well\n", maxConsole/10)); got != nil {
		t.Errorf("quoted %q from before the last %d bytes", got, maxConsole)
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

func FuzzCrashes(f *testing.F) {
	for name := range consoles {
		f.Add(read(f, name))
	}
	f.Add("\x1b[31m\x1b[\xffoops: \xc3password=\xff\xfe \x1b]0;t\x07")
	f.Fuzz(func(t *testing.T, log string) {
		quotes := Crashes(log)
		if len(quotes) > maxCrashes {
			t.Errorf("%d lines", len(quotes))
		}
		for _, q := range quotes {
			if q == "" || notice.Line(q) != q || utf8.RuneCountInString(q) > maxQuote+len(" (the last of 65536 alike)") {
				t.Errorf("quoted %q", q)
			}
		}
	})
}
