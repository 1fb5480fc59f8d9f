//go:build browser

package main

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrowser opens a mail, a Slack message, a Teams card, the index page and the timeline in
// a real browser, narrow and wide, light and dark. Nothing may be wider than the window or cut, a
// main landmark and a first heading must be shown, and the page's own policy must block
// nothing. It needs chromium.
func TestBrowser(t *testing.T) {
	for _, c := range []struct {
		app   string
		pages []string
	}{
		{app, []string{"001-email.html", "index.html", "timeline.html"}},
		{"internal/rehearse/testdata/sinks", []string{"index.html#n1", "index.html#n11-0.0"}}, // five sinks, and the same while Slack is down
	} {
		out := t.TempDir()
		if code, _, stderr := extraeye(t, "rehearse", "-assembly", c.app, "-out", out); code != exitOK {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		for _, page := range c.pages {
			look(t, out, page)
		}
	}
}

// TestBrowserTimeline opens pages of timelines, of which the form with marks of its own must be
// shown at each width, and which must be printed on white.
func TestBrowserTimeline(t *testing.T) {
	for _, name := range []string{"story.html", "crowd.html"} {
		page, err := os.ReadFile(filepath.Join("..", "..", "lambda", "timeline", "page", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o600); err != nil {
			t.Fatal(err)
		}
		look(t, dir, name)
		for width, form := range map[int]string{320: "narrow", 745: "medium", 1005: "wide"} {
			if seen := dump(t, frame(t, dir, name, width)); !strings.Contains(seen, "charts: chart "+form+", ") || !strings.Contains(seen, "apart: true") {
				t.Errorf("%s at %d pixels, want the %s chart: %s", name, width, form, seen)
			}
		}
		printed := strings.ReplaceAll(string(page), "@media print", "@media all")
		if err := os.WriteFile(filepath.Join(dir, "printed.html"), []byte(printed), 0o600); err != nil {
			t.Fatal(err)
		}
		if b := brightness(screenshot(t, dir, "printed.html", "0")); b < 0.6 {
			t.Errorf("%s is printed with a brightness of %.2f", name, b)
		}
	}
}

func look(t *testing.T, dir, page string) {
	for _, width := range []int{320, 360, 1280} {
		seen := dump(t, frame(t, dir, page, width))
		if !strings.Contains(seen, "overflow: 0px") {
			t.Errorf("%s is wider than its window of %d pixels: %s", page, width, seen)
		}
		if strings.HasPrefix(page, "index") && !strings.Contains(seen, "main: 1, h1: true, rows or item: true") {
			t.Errorf("%s lacks something at %d pixels: %s", page, width, seen)
		}
	}
	light, dark := screenshot(t, dir, page, "1"), screenshot(t, dir, page, "0")
	if b := brightness(light); b < 0.6 {
		t.Errorf("%s in light mode has a brightness of %.2f", page, b)
	}
	if b := brightness(dark); b > 0.4 {
		t.Errorf("%s in dark mode has a brightness of %.2f", page, b)
	}
	if n := colors(light); n < 20 {
		t.Errorf("%s has %d colors; is anything on it?", page, n)
	}
}

// frame makes a page that shows another in a frame of a width, and says by how
// much that one is wider.
func frame(t *testing.T, dir, page string, width int) (file string) {
	t.Helper()
	file = filepath.Join(dir, fmt.Sprintf("frame-%s-%d.html", strings.ReplaceAll(page, "#", "-"), width))
	html := fmt.Sprintf(`<iframe id="f" src="%s" style="border:0;width:%dpx;height:900px"></iframe><p id="p"></p><script>
onload = () => {
	const d = document.getElementById("f").contentDocument.documentElement;
	const shown = selector => [...d.querySelectorAll(selector)].filter(e => e.getBoundingClientRect().height > 0);
	const apart = chart => {
		const boxes = chart ? [...chart.querySelectorAll(".mark, .version")].map(e => e.getBoundingClientRect()) : [];
		return boxes.every((a, i) => boxes.slice(i + 1).every(b => Math.min(a.right, b.right) - Math.max(a.left, b.left) < 3 || Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 3));
	};
	const wide = shown("article.open .slack, article.open .teams-card, .subject").map(e => e.scrollWidth - e.clientWidth);
	document.getElementById("p").textContent = "overflow: " + Math.max(d.scrollWidth - d.clientWidth, ...wide) + "px of " + d.clientWidth +
		", charts: " + shown(".chart").map(e => e.getAttribute("class")).join() + ", apart: " + apart(shown(".chart")[0]) +
		", main: " + shown("main").length + ", h1: " + (shown("h1").length > 0) + ", rows or item: " + (shown(".row").length > 1 || shown("article").length === 1);
};</script>`, page, width)
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func chromium(t *testing.T, args ...string) string {
	t.Helper()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--user-data-dir=" + t.TempDir(), "--hide-scrollbars", "--allow-file-access-from-files", "--enable-logging=stderr",
	}, args...)
	cmd := exec.Command("chromium", args...)
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium %q: %v", args, err)
	}
	for line := range strings.Lines(log.String()) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the browser says: %s", line)
		}
	}
	return string(out)
}

// dump returns what the page says after its scripts ran.
func dump(t *testing.T, file string) string {
	t.Helper()
	_, text, _ := strings.Cut(chromium(t, "--virtual-time-budget=3000", "--dump-dom", "file://"+file), `<p id="p">`)
	text, _, _ = strings.Cut(text, "</p>")
	return text
}

// screenshot takes a picture; scheme is Chromium's preferred color scheme: 0 is
// dark, 1 is light.
func screenshot(t *testing.T, dir, page, scheme string) image.Image {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.png")
	chromium(t, "--window-size=500,900", "--blink-settings=preferredColorScheme="+scheme, "--screenshot="+file, "file://"+filepath.Join(dir, page))
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// brightness is the mean brightness of a picture, from 0 to 1.
func brightness(picture image.Image) float64 {
	sum, n := 0.0, 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 3 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			sum += float64(r+g+b) / 3 / 0xFFFF
			n++
		}
	}
	return sum / float64(n)
}

func colors(picture image.Image) int {
	seen := map[[3]uint32]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{r, g, b}] = true
		}
	}
	return len(seen)
}
