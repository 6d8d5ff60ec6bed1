//go:build linux || darwin

package sandbox

import (
	"syscall"
	"time"
)

// limitChild limits this process, for good. Darwin does not count memory that was mapped, as Go's is: only time is limited there.
func limitChild() error {
	for resource, most := range map[int]uint64{
		syscall.RLIMIT_CORE: 0,
		syscall.RLIMIT_CPU:  uint64(ChildProcessor / time.Second),
		syscall.RLIMIT_DATA: ChildMemory,
	} {
		var now syscall.Rlimit
		if err := syscall.Getrlimit(resource, &now); err != nil {
			return err
		}
		most = min(most, now.Max)
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
