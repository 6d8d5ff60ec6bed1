package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/source"
)

// keepEvery is how many blocks pass until a copy that failed is tried again.
const keepEvery = 100

// KeepFunc copies what a panel computes on. (*Computer).Keep is one.
type KeepFunc func(ctx context.Context, contents []Kept) error

// Kept is a content that a panel computes on, or will in its next edition.
type Kept struct {
	Content Content
	Record  chain.Record
	Version chain.Version
	Staged  bool // for the next edition
	Over    bool // the panel is dissolved: no copy is needed any more
}

// keeper copies the contents of editions next to the loop, which never waits for it. Nobody outside learns when a copy is made, nor whether: a
// run without a copy reads the record's own file.
type keeper struct {
	memory *memory
	keep   KeepFunc

	asked  []Kept // what was copied last
	at     int64  // the height at that time
	busy   atomic.Bool
	active sync.WaitGroup
	stop   context.CancelFunc
}

func newKeeper(m *memory, keep KeepFunc) *keeper {
	return &keeper{memory: m, keep: keep, stop: func() {}}
}

// block copies what is new at a block.
func (k *keeper) block(ctx context.Context, height int64, contents []Kept) {
	same := slices.EqualFunc(contents, k.asked, func(a, b Kept) bool { return a.Content == b.Content && a.Over == b.Over })
	if k.keep == nil || k.busy.Load() || same && height < k.at+keepEvery {
		return
	}
	k.stop()
	k.asked, k.at = contents, height
	ctx, k.stop = context.WithCancel(ctx)
	k.busy.Store(true)
	k.active.Go(func() {
		defer k.busy.Store(false)
		if err := k.keep(ctx, contents); err != nil {
			k.memory.details.Warn("copies of what panels compute on", "error", err)
		}
	})
}

// end stops the copying.
func (k *keeper) end() {
	k.stop()
	k.active.Wait()
}

// contents are those of the records in panels: of the present edition, and what is staged for the next one.
func (v *view) contents() []Kept {
	var all []Kept
	for _, c := range v.sealed() {
		l := v.records[c.Record.Id]
		if l.panel == nil || l.panel.Panel.Edition == 0 {
			continue
		}
		member := l.panel.Member
		all = append(all, Kept{
			Content: Content{c.Record.Id, member.Version}, Record: l.record, Version: l.panel.Version, Over: l.panel.Panel.Status == chain.PanelDissolved,
		})
		if member.Staged > 0 && member.Staged == l.record.Admitted {
			all = append(all, Kept{Content: Content{c.Record.Id, member.Staged}, Record: l.record, Version: l.version, Staged: true})
		}
	}
	return all
}

// Keep copies contents and keeps the tags of their rows. Copies that no edition needs any more are dropped.
func (c *Computer) Keep(ctx context.Context, contents []Kept) error {
	if c.Editions == nil {
		return nil
	}
	var errs []error
	for _, k := range contents {
		if err := ctx.Err(); err != nil {
			return err
		}
		errs = append(errs, c.keepContent(k))
	}
	return errors.Join(errs...)
}

func (c *Computer) keepContent(k Kept) error {
	if k.Over {
		return c.Editions.Drop(k.Record.Id, k.Content.Number+1)
	}
	location, err := unseal(c.Policy, c.Key, k.Record, k.Version)
	if err != nil {
		return err
	}
	if _, found := c.Editions.Copy(k.Content); !found {
		if err := allowFile(c.Policy, location); err != nil {
			return err
		}
	}
	if k.Staged {
		return c.Editions.Prepare(k.Content, committedTo(location, k.Version))
	}
	if err := c.Editions.Keep(k.Content, committedTo(location, k.Version)); err != nil {
		return err
	}
	return c.Editions.Drop(k.Record.Id, k.Content.Number)
}

// fileOf returns the file that a candidate is computed on: over panels the copy of the edition's content if there is one, else the record's
// own, which the policy must let be read.
func (c *Computer) fileOf(cand Candidate, location source.Location) (source.Location, error) {
	if cand.Panel != nil && c.Editions != nil {
		if path, found := c.Editions.Copy(Content{cand.Record.Id, cand.Panel.Member.Version}); found {
			location.Path = path
			return location, nil
		}
	}
	return location, allowFile(c.Policy, location)
}

// committedTo is the file at a location, with what a version commits to.
func committedTo(location source.Location, v chain.Version) source.Committed {
	return source.Committed{Location: location, Rows: v.Content.Commitment.Rows, Root: v.Content.Commitment.Root}
}

// deliverable notes rows that are delivered directly, and refuses rows of a panel: the record rests then, as with a missing file.
func (c *Computer) deliverable(cand Candidate, file source.Committed) error {
	if cand.Job.IsSecure() || c.Editions == nil {
		return nil
	}
	if err := c.Editions.Deliver(Content{cand.Record.Id, cand.Record.Admitted}, file); err != nil {
		return fmt.Errorf("%w: %w", errFile, err)
	}
	return nil
}
