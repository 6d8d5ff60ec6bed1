package localnet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Worker is an alita-worker process next to an owner's data.
type Worker struct {
	binary, home, passphrase string
	run                      []string // the command that starts it

	// Address is its account; KeyFile holds its public key.
	Address string `json:"worker"`
	KeyFile string `json:"public_key_file"`

	process *process
}

// NewWorker runs `alita-worker init` in an owner's directory.
func NewWorker(ctx context.Context, binary, dir string, args ...string) (*Worker, error) {
	w := &Worker{binary: binary, home: filepath.Join(dir, "worker"), passphrase: filepath.Join(dir, "passphrase"), run: []string{"run"}}
	if err := os.WriteFile(w.passphrase, []byte("the passphrase of "+filepath.Base(dir)+"\n"), 0o600); err != nil {
		return nil, err
	}
	out, err := w.Command(ctx, append([]string{"init", "--output", "json"}, args...)...)
	if err != nil {
		return nil, err
	}
	return w, json.Unmarshal(out, w)
}

// Command runs a command of alita-worker in its home and returns its output.
func (w *Worker) Command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, w.binary, append(args, "--home", w.home, "--passphrase-file", w.passphrase)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("alita-worker %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// LogFile is the file that it logs to.
func (w *Worker) LogFile() string { return w.home + ".log" }

// Details is the file that it writes for its owner alone.
func (w *Worker) Details() string { return filepath.Join(w.home, "details.log") }

// Start starts the process.
func (w *Worker) Start() error { return w.StartAs(w.binary, w.run...) }

// StartAs starts another program in its place: in its home, with the arguments before those that it takes itself.
func (w *Worker) StartAs(binary string, args ...string) error {
	var err error
	w.process, err = startProcess(w.LogFile(), binary, append(slices.Clone(args), "--home", w.home, "--passphrase-file", w.passphrase,
		"--log-format", "json", "--poll", "200ms")...)
	return err
}

// Stop ends the process; a stopped worker can be started again.
func (w *Worker) Stop() error {
	return w.end((*process).stop)
}

// Kill ends the process as a crash would.
func (w *Worker) Kill() error {
	return w.end((*process).kill)
}

func (w *Worker) end(how func(*process) error) error {
	if w == nil || w.process == nil {
		return nil
	}
	err := how(w.process)
	w.process = nil
	return err
}

// Metered reads what the worker's own meter counted in a job, from the file that only its owner reads.
func (w *Worker) Metered(job string) (rows, operations uint64, err error) {
	f, err := os.Open(w.Details())
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var entry struct {
			Msg        string `json:"msg"`
			Job        string `json:"job"`
			Rows       uint64 `json:"rows"`
			Operations uint64 `json:"operations"`
		}
		if json.Unmarshal(lines.Bytes(), &entry) == nil && entry.Msg == "run" && entry.Job == job {
			return entry.Rows, entry.Operations, nil
		}
	}
	return 0, 0, errors.Join(fmt.Errorf("%s: no run of job %s", w.Details(), job), lines.Err())
}
