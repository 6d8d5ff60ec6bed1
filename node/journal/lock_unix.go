//go:build unix

package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// Lock takes a lock that ends with the process. The error is ErrLocked if another process holds it.
func Lock(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(ErrLocked, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: lock: %w", ErrJournal, err), f.Close())
	}
	return f, nil
}
