package e2e_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// command is one command of the tour and the lines that the page shows below it.
type command struct {
	text  string
	shown []string
}

// TestTour plays docs/tour.md on the network that the demonstration leaves running: every command exits with 0, and
// prints the lines that the page shows, in their order. Numbers, ids and addresses may differ; "..." stands for any lines.
func TestTour(t *testing.T) {
	if !full {
		t.Skip("plays the whole demonstration first")
	}
	page, err := os.ReadFile("../../docs/tour.md")
	require.NoError(t, err)
	commands := tourCommands(t, string(page))
	require.GreaterOrEqual(t, len(commands), 8)

	ctx := testContext(t)
	dir := t.TempDir()
	for name, target := range map[string]string{"build": binaries, "devnet": "../../devnet", "testdata": "../../testdata"} {
		target, err := filepath.Abs(target)
		require.NoError(t, err)
		require.NoError(t, os.Symlink(target, filepath.Join(dir, name)))
	}
	playDemo(ctx, t, dir)

	// One shell for all, since the page sets variables that later commands use.
	shell := exec.CommandContext(ctx, "bash")
	shell.Dir = dir
	in, err := shell.StdinPipe()
	require.NoError(t, err)
	read, write := io.Pipe()
	shell.Stdout, shell.Stderr = write, write
	require.NoError(t, shell.Start())
	defer func() {
		require.NoError(t, in.Close())
		require.NoError(t, shell.Wait())
	}()
	out := bufio.NewReader(read)
	for _, c := range commands {
		printed, status := runInShell(t, in, out, c.text)
		t.Logf("$ %s\n%s", c.text, strings.Join(printed, "\n"))
		require.Equal(t, "0", status, c.text)
		requireShown(t, c, printed)
	}
}

// playDemo plays the demonstration in dir and returns when its network is left running; it ends with the test.
func playDemo(ctx context.Context, t *testing.T, dir string) {
	t.Helper()
	demo := filepath.Join(tools, "demo")
	build := exec.CommandContext(ctx, "go", "build", "-o", demo, "../../devnet/demo")
	text, err := build.CombinedOutput()
	require.NoError(t, err, string(text))

	play := exec.CommandContext(ctx, demo, "--build", binaries, "--keep")
	play.Dir = dir
	play.Cancel = func() error { return play.Process.Signal(os.Interrupt) }
	stdout, err := play.StdoutPipe()
	require.NoError(t, err)
	play.Stderr = os.Stderr
	require.NoError(t, play.Start())
	t.Cleanup(func() {
		if err := play.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		_, _ = io.Copy(io.Discard, stdout)
		_ = play.Wait()
	})
	lines := bufio.NewScanner(stdout)
	var last []string
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "The network goes on") {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return
		}
		last = append(last, lines.Text())
	}
	t.Fatalf("the demonstration has ended:\n%s", strings.Join(last[max(0, len(last)-30):], "\n"))
}

// runInShell runs one command and returns the lines that it printed and its exit status.
func runInShell(t *testing.T, in io.Writer, out *bufio.Reader, text string) (printed []string, status string) {
	t.Helper()
	const end = "tour: exit status "
	_, err := io.WriteString(in, text+"\nstatus=$?; echo; echo \""+end+"$status\"\n")
	require.NoError(t, err)
	for {
		line, err := out.ReadString('\n')
		require.NoError(t, err)
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, end); ok {
			return printed, rest
		}
		printed = append(printed, line)
	}
}

// tourCommands are the commands of the page's console blocks.
func tourCommands(t *testing.T, page string) (all []command) {
	t.Helper()
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(page, -1) {
		more := false
		for line := range strings.Lines(block[1]) {
			line = strings.TrimRight(line, "\n")
			text, begins := strings.CutPrefix(line, "$ ")
			switch {
			case begins:
				all = append(all, command{text: text})
			case more:
				all[len(all)-1].text += "\n" + line
			default:
				require.NotEmpty(t, all, "output before the first command: %s", line)
				all[len(all)-1].shown = append(all[len(all)-1].shown, line)
			}
			more = (begins || more) && strings.HasSuffix(line, "\\")
		}
	}
	return all
}

var varying = []struct {
	pattern *regexp.Regexp
	as      string
}{
	{regexp.MustCompile(`\balita(valoper)?1[02-9ac-hj-np-z]+`), "ADDRESS"},
	{regexp.MustCompile(`\b[0-9a-fA-F]{32,64}\b`), "ID"},
	{regexp.MustCompile(`[0-9]+([.,:][0-9]+)*`), "#"},
	{regexp.MustCompile(`\s+`), " "},
}

// plain is a line without what differs from run to run.
func plain(line string) string {
	for _, v := range varying {
		line = v.pattern.ReplaceAllString(line, v.as)
	}
	return strings.TrimSpace(line)
}

// requireShown holds what was printed against what the page shows: the shown lines in their order. Where the page shows
// nothing, anything may be printed.
func requireShown(t *testing.T, c command, printed []string) {
	t.Helper()
	next := 0
	for _, line := range c.shown {
		want := plain(line)
		if want == "" || want == "..." {
			continue
		}
		found := false
		for ; next < len(printed) && !found; next++ {
			found = plain(printed[next]) == want
		}
		require.True(t, found, "%s\nthe tour shows a line that is not printed after the one before it:\n%s\nprinted:\n%s",
			c.text, line, strings.Join(printed, "\n"))
	}
}
