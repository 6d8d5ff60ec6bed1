package app

import (
	"errors"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// collectorPercent is by how many percent the heap of a node may grow before garbage is collected. Go's 100 costs a
	// third of the processor time of a full block; a node's live heap is small compared to its garbage.
	collectorPercent = 300
	// memoryRatio is the part of the machine's or container's memory above which garbage is collected however little
	// the heap has grown.
	memoryRatio = 0.5
)

// TuneCollector sets Go's garbage collector for a node: less often, but within half of the memory. The variables
// GOGC and GOMEMLIMIT go before.
func TuneCollector() error {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(collectorPercent)
	}
	_, err := memlimit.Set(
		memlimit.WithRatio(memoryRatio),
		memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)),
		memlimit.WithLogger(slog.New(slog.DiscardHandler)),
	)
	if errors.Is(err, memlimit.ErrNoLimit) {
		return nil
	}
	return err
}
