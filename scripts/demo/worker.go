package main

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
	"strings"
	"syscall"
	"time"
)

// workerProcess is an alita-worker next to an owner's data.
type workerProcess struct {
	binary, home, passphrase string

	// Address is its account; KeyFile holds its public key.
	Address string `json:"worker"`
	KeyFile string `json:"public_key_file"`

	process *exec.Cmd
	log     *os.File
	done    chan struct{}
}

// newWorker runs `alita-worker init` in an owner's directory.
func newWorker(ctx context.Context, binary, dir string, args ...string) (*workerProcess, error) {
	w := &workerProcess{binary: binary, home: filepath.Join(dir, "worker"), passphrase: filepath.Join(dir, "passphrase")}
	if err := os.WriteFile(w.passphrase, []byte("the passphrase of "+filepath.Base(dir)+"\n"), 0o600); err != nil {
		return nil, err
	}
	out, err := w.command(ctx, append([]string{"init", "--output", "json"}, args...)...)
	if err != nil {
		return nil, err
	}
	return w, json.Unmarshal(out, w)
}

func (w *workerProcess) command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, w.binary, append(args, "--home", w.home, "--passphrase-file", w.passphrase)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("alita-worker %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

func (w *workerProcess) logFile() string { return w.home + ".log" }

func (w *workerProcess) start() error {
	log, err := os.OpenFile(w.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(w.binary, "run", "--home", w.home, "--passphrase-file", w.passphrase,
		"--log-format", "json", "--poll", "200ms")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return errors.Join(err, log.Close())
	}
	w.process, w.log, w.done = cmd, log, make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(w.done)
	}()
	return nil
}

func (w *workerProcess) stop() error {
	if w == nil || w.process == nil {
		return nil
	}
	_ = w.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-w.done:
	case <-time.After(10 * time.Second):
		_ = w.process.Process.Kill()
		<-w.done
	}
	w.process = nil
	return w.log.Close()
}

// metered reads from the worker's log what its own meter counted in a job.
func (w *workerProcess) metered(job string) (rows, operations uint64, err error) {
	f, err := os.Open(w.logFile())
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
		if json.Unmarshal(lines.Bytes(), &entry) == nil && entry.Msg == "computed" && entry.Job == job {
			return entry.Rows, entry.Operations, nil
		}
	}
	return 0, 0, errors.Join(fmt.Errorf("%s: no run of job %s", w.logFile(), job), lines.Err())
}
