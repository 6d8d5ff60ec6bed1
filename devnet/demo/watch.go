package main

import (
	"context"
	"time"

	"github.com/alita-network/alita/devnet/audit"
	"github.com/alita-network/alita/devnet/localnet"
)

// watch audits every height of the network as it comes.
type watch struct {
	net     *localnet.Network
	auditor *audit.Auditor

	cancel context.CancelFunc
	ended  chan struct{}

	// Read after ended only.
	next   int64
	report audit.Report
	err    error
}

func startWatch(ctx context.Context, net *localnet.Network, auditor *audit.Auditor) *watch {
	ctx, cancel := context.WithCancel(ctx)
	w := &watch{net: net, auditor: auditor, cancel: cancel, ended: make(chan struct{}), next: 1}
	go func() {
		defer close(w.ended)
		w.err = w.follow(ctx)
	}()
	return w
}

// follow audits until the context ends or a height does not add up.
func (w *watch) follow(ctx context.Context) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		height, err := w.net.Height(ctx)
		if err != nil {
			continue // the node may be busy; the last heights are audited by finish in any case
		}
		// The newest block may not be committed yet.
		if err := w.upTo(ctx, height-1); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
}

func (w *watch) upTo(ctx context.Context, height int64) error {
	for ; w.next <= height; w.next++ {
		report, err := w.auditor.At(ctx, w.next)
		if err != nil {
			return err
		}
		w.report = report
	}
	return nil
}

// finish audits up to the newest height and says how many heights were audited.
func (w *watch) finish(ctx context.Context) (int64, audit.Report, error) {
	w.stop()
	if w.err != nil {
		return 0, w.report, w.err
	}
	height, err := w.net.Height(ctx)
	if err != nil {
		return 0, w.report, err
	}
	if err := w.net.WaitHeight(ctx, height+1); err != nil {
		return 0, w.report, err
	}
	err = w.upTo(ctx, height)
	return w.next - 1, w.report, err
}

func (w *watch) stop() {
	w.cancel()
	<-w.ended
}
