package sandbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alita-network/alita/metering"
)

// What the process of its own that compiles a program may use. The worst program that a network stores is known to need a
// quarter of the memory and a tenth of the processor time on a busy machine.
const (
	ChildMemory    = 1 << 30             // bytes of data; enforced by Linux and Android only
	ChildProcessor = 2 * time.Minute     // of all cores together; not enforced by Windows
	ChildTime      = 5 * time.Minute     // from start to end
	childGrace     = 5 * time.Second     // for its output, after it was killed
	childRemembers = 256                 // programs that were compiled and are not given to a child again
	childMessage   = 300                 // bytes of what it says
	childGarbage   = ChildMemory * 3 / 4 // bytes from which on it collects garbage as often as it can
)

// child compiles programs in a process of its own, so that a program that takes the compiler too long or too much memory ends that
// process and not this one. The result comes back through the folder of compiled programs.
type child struct {
	command []string
	dir     string
	known   map[[sha256.Size]byte]bool
}

// compile returns when the folder holds the compiled program; ErrCompile if that took too much. One call at a time.
func (c *child) compile(ctx context.Context, code []byte) error {
	id := sha256.Sum256(code)
	if c.known[id] {
		return nil
	}
	bounded, stop := context.WithTimeout(ctx, ChildTime)
	defer stop()
	said := &head{left: childMessage}
	cmd := exec.CommandContext(bounded, c.command[0], append(c.command[1:len(c.command):len(c.command)], c.dir)...)
	cmd.Env = []string{} // nothing that this process was told, such as a passphrase
	cmd.Stdin, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(code), said, childGrace
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		if c.known == nil || len(c.known) >= childRemembers {
			c.known = map[[sha256.Size]byte]bool{}
		}
		c.known[id] = true
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == 1: // it says why
		return fmt.Errorf("%w: %s", ErrEngine, strings.TrimSpace(said.String()))
	case errors.As(err, &exit):
		return fmt.Errorf("%w: expected at most %d MiB, %s of the processor and %s in all, got more", ErrCompile, ChildMemory>>20, ChildProcessor, ChildTime)
	}
	return fmt.Errorf("%w: process that compiles: %w", ErrEngine, err)
}

// head keeps the beginning of what is written.
type head struct {
	bytes.Buffer
	left int
}

func (h *head) Write(b []byte) (int, error) {
	n := min(len(b), h.left)
	h.left -= n
	_, _ = h.Buffer.Write(b[:n]) // never fails
	return len(b), nil
}

// CompileChild is the process that Config.Child starts: it reads a program, limits itself, and compiles the program into the folder of
// compiled programs. The process must end after it: with status 1 and the error as its output if there is one, else with 0.
func CompileChild(ctx context.Context, cacheDir string, program io.Reader) error {
	limits := metering.DefaultLimits()
	code, err := io.ReadAll(io.LimitReader(program, int64(limits.CodeBytes)+1))
	if err != nil {
		return err
	}
	if err := limitChild(); err != nil {
		return fmt.Errorf("limits of the process: %w", err)
	}
	debug.SetMemoryLimit(childGarbage)
	// The process that waits for this one prunes the folder: it knows which programs it expects there.
	s, err := setUp(ctx, Config{Engine: Compiler, CacheDir: cacheDir, Limits: limits})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	_, err = s.Compile(ctx, code)
	return err
}
