package privacy_test

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/programtest"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// victims are the owners of a world whose secrets are asked for, known are the adversary's own ones, whose secrets it knows.
const victims, known = 20, 8

// probe is the program of testdata/probe.wat, which any_program lets run.
//
//go:embed testdata/probe.wasm
var probe []byte

// live is a world of live owners.
type live struct {
	*exchange
	owners  []*owner // the victims first
	program string
	panel   string            // of all owners, if they have founded one
	jobs    map[string]string // by column
}

// newLive is a world of n owners whose workers run, all of them in one panel or none.
func newLive(t testing.TB, seed uint64, secrets []secret, n int, panel bool) *live {
	t.Helper()
	l := newWorld(t, seed, secrets, n)
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	policy := worker.Policy{AnyProgram: true, MinCohort: 2, MinSeats: seats}
	if panel {
		l.found(box, secrets)
		policy = worker.Policy{Programs: []string{l.program}, MinCohort: 2, MinSeats: seats, Panels: worker.PanelPolicy{MinThreshold: 3, Class: worker.ClassFixed}}
	}
	for _, o := range l.owners {
		o.start(box, policy)
	}
	l.after = l.looked
	return l
}

// newWorld lists the records of n owners. Their workers are not started.
func newWorld(t testing.TB, seed uint64, secrets []secret, n int) *live {
	t.Helper()
	var accounts []string
	name := func(i int) string { return fmt.Sprintf("owner %d of %d", i, seed) }
	for i := range n {
		accounts = append(accounts, name(i), name(i)+"'s worker")
	}
	l := &live{exchange: newExchange(t, accounts...), jobs: map[string]string{}}
	for i := range n {
		l.owners = append(l.owners, newOwner(t, l.exchange, name(i), seed<<16+uint64(i), secrets))
	}
	l.each(n, func(i int) (apptest.Account, sdk.Msg) {
		o := l.owners[i]
		return o.account, &metadatatypes.MsgRegisterWorker{Owner: o.account.String(), Worker: o.worker.String(), Name: "device", PublicKey: o.key.Public().Bytes()}
	})
	l.each(n, func(i int) (apptest.Account, sdk.Msg) { return l.owners[i].account, l.owners[i].register() })
	l.each(n, func(i int) (apptest.Account, sdk.Msg) { return maker, admit(l.owners[i].record, "1.0.0") })
	l.each(n, func(i int) (apptest.Account, sdk.Msg) {
		o := l.owners[i]
		return o.account, &metadatatypes.MsgGrant{Owner: o.account.String(), RecordId: o.record, Terms: metadatatypes.GrantTerms{
			AnyProgram: true, MinCohort: 2, MinPricePerMop: math.ZeroInt(),
		}}
	})
	l.each(n, func(i int) (apptest.Account, sdk.Msg) {
		o := l.owners[i]
		return o.account, &metadatatypes.MsgSetPrivacyBudget{Owner: o.account.String(), RecordId: o.record, Budget: 10_000_000}
	})
	l.program = terms.ProgramID(probe)
	l.Must(adversary, &computetypes.MsgStoreProgram{
		Author: adversary.String(), Code: probe, Name: "probe", Kind: computetypes.VECTOR_KIND_SUM, Bits: 63,
		Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 64},
		Cost:  computetypes.CostModelOf(terms.CostModel{Base: terms.Cost{Constant: 100}, PerRow: terms.Cost{Constant: 600, PerSlot: 60}}),
	})
	return l
}

// looked has all workers see a block, and queues what they send.
func (l *live) looked() {
	for _, o := range l.owners {
		o.look()
	}
}

// question asks about a column, with as much noise as the ranges have.
func (l *live) question(column string, ranges terms.Ranges, change ...func(*computetypes.JobSpec)) {
	l.t.Helper()
	require.NoError(l.t, l.try(column, ranges, change...))
}

// try is question, and may be refused.
func (l *live) try(column string, ranges terms.Ranges, change ...func(*computetypes.JobSpec)) error {
	l.t.Helper()
	input, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{{Bits: 10}})
	require.NoError(l.t, err)
	width, err := ranges.Bits(fileRows)
	require.NoError(l.t, err)
	spec := l.spec(l.program, []string{column}, uint32(ranges.Length()), input, computetypes.SecureSum{
		Ranges: computetypes.RangesOf(ranges), MicroRho: microRho, Bits: width,
	})
	if ranges[0].Variance == 0 {
		spec.Secure.MicroRho = 0
	}
	for _, f := range change {
		f(&spec)
	}
	id, err := l.ask(spec)
	if err == nil {
		l.jobs[column] = id
	}
	return err
}

// found has all owners sign a panel that answers the batch program of node/worker's tests, which does to a cell what probe does to a row.
func (l *live) found(box *sandbox.Sandbox, secrets []secret) {
	l.t.Helper()
	code, err := os.ReadFile(filepath.Join("..", "..", "node", "worker", "testdata", "hostile.wasm"))
	require.NoError(l.t, err)
	id := terms.ProgramID(code)
	compiled, err := box.Compile(l.t.Context(), code)
	require.NoError(l.t, err)
	defer func() { require.NoError(l.t, compiled.Close(context.Background())) }()
	one, err := box.Run(l.t.Context(), compiled, sandbox.Shape{Columns: 1, Length: 2}, nil, programtest.Random(1, fileRows, 1, 9, 0).Source(), 1_000_000)
	require.NoError(l.t, err)
	l.Must(adversary, &computetypes.MsgStoreProgram{
		Author: adversary.String(), Code: code, Name: "hostile", Kind: computetypes.VECTOR_KIND_SUM, Bits: 40,
		Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 2}, Cost: computetypes.CostModelOf(terms.CostModel{Base: terms.Cost{Constant: one.Operations}}),
	})
	var records []string
	for _, o := range l.owners {
		records = append(records, o.record)
	}
	slices.Sort(records)
	msg := &metadatatypes.MsgProposePanel{Proposer: adversary.String(), Salt: salt(1), PoolId: poolID, RecordIds: records, Terms: metadatatypes.PanelTerms{
		Class: metadatatypes.PANEL_CLASS_FIXED, Threshold: 3, MinPricePerMop: math.ZeroInt(),
	}}
	l.program = id
	for _, s := range secrets {
		msg.Terms.Questions = append(msg.Terms.Questions, signed(l.panelSpec(s.column)))
	}
	l.Must(adversary, msg)
	l.panel = metadatatypes.PanelID(adversary.Address(), msg.Salt, poolID, records, msg.Terms)
	l.each(len(l.owners), func(i int) (apptest.Account, sdk.Msg) {
		o := l.owners[i]
		return o.account, &metadatatypes.MsgSignPanel{Owner: o.account.String(), PanelId: l.panel, RecordId: o.record}
	})
}

// panelSpec is the question about a column that the panel answers.
func (l *live) panelSpec(column string) computetypes.JobSpec {
	l.t.Helper()
	input, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{{Bits: 10}})
	require.NoError(l.t, err)
	spec := l.spec(l.program, []string{column}, 2, input, computetypes.SecureSum{})
	spec.Panels, spec.MinCohort, spec.MaxCohort = []string{l.panel}, uint32(len(l.owners)), uint32(len(l.owners))
	return spec
}

// overPanel asks about a column without noise, over the panel of all owners.
func (l *live) overPanel(column string) {
	l.t.Helper()
	id, err := l.ask(l.panelSpec(column))
	require.NoError(l.t, err)
	l.jobs[column] = id
}

// play lets the windows of all jobs pass.
func (l *live) play() {
	l.t.Helper()
	var ids []string
	for _, id := range l.jobs {
		ids = append(ids, id)
	}
	l.seated(ids...)
	for n := 0; ; n++ {
		open := false
		for _, id := range ids {
			open = open || l.job(id).Status == computetypes.JOB_STATUS_CONTRIBUTING
		}
		if !open {
			return
		}
		for _, o := range l.owners {
			if o.holds.Load() && n%2 == 1 {
				o.release <- struct{}{}
			}
		}
		l.send()
	}
}

// send puts what the workers have sent into the next block.
func (l *live) send() {
	l.t.Helper()
	type from struct {
		*owner
		sending
	}
	var all []from
	queued := len(l.queue) // of seats
	for _, o := range l.owners {
		for _, s := range o.sent {
			all = append(all, from{o, s})
			l.queue = append(l.queue, l.Sign(o.worker, l.message(s.msg)))
		}
		o.sent = nil
	}
	height := l.Height()
	res := l.NextBlock(l.queue...)
	l.queue = nil
	for _, r := range res.TxResults[:queued] {
		require.Zero(l.t, r.Code, r.Log)
	}
	for i, r := range res.TxResults[queued:] {
		if _, ok := all[i].msg.(*computev1.MsgAccuseSeat); ok {
			continue // the first accusation of a block takes the seat away, and the others come too late
		}
		require.Zero(l.t, r.Code, r.Log)
		all[i].included(all[i].sending, height, uint64(r.GasUsed))
	}
	l.after()
}
