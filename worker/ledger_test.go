package worker_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/worker/chain"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

var errNetwork = errors.New("connection lost")

// ledger is a chain reduced to what a worker can see of it: one job, one record, and the rules by which
// contributions and deliveries are taken. Every message counts, so that a test sees what was sent twice.
type ledger struct {
	mu           sync.Mutex
	f            *fixture
	height       int64
	job          computetypes.Job
	contribution *computetypes.Contribution
	delivery     *computetypes.SealedVector
	registered   bool
	grants       []metadatatypes.Grant
	chainID      string

	taken    map[string]int // messages that a block took, by kind
	refused  int            // messages that the rules refused
	fail     func(call string) error
	looks    chan struct{} // gets a value whenever the worker asks for the height
	afterMsg func() error  // called after a message took effect; an error is the lost answer
}

func newLedger(f *fixture) *ledger {
	return &ledger{
		f: f, height: 12, job: f.job, registered: true, grants: []metadatatypes.Grant{f.grant}, chainID: testChain,
		taken: map[string]int{}, looks: make(chan struct{}, 1),
	}
}

func (l *ledger) call(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail(name)
	}
	return nil
}

func (l *ledger) with(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn()
}

// block goes on by one block and through the phases of the job.
func (l *ledger) block() {
	l.with(func() {
		l.height++
		switch {
		case l.job.Status == computetypes.JOB_STATUS_CONTRIBUTING && l.height > l.job.DeadlineHeight:
			if l.contribution == nil {
				l.job.Status, l.job.Failure = computetypes.JOB_STATUS_FAILED, computetypes.FAILURE_REASON_COHORT
				return
			}
			l.job.Status, l.job.DeadlineHeight = computetypes.JOB_STATUS_DELIVERING, l.height+30
		case l.job.Status == computetypes.JOB_STATUS_DELIVERING && l.height > l.job.DeadlineHeight:
			l.job.Status = computetypes.JOB_STATUS_SETTLED
			l.contribution.Status = computetypes.CONTRIBUTION_STATUS_UNPAID
			if l.delivery != nil {
				l.contribution.Status = computetypes.CONTRIBUTION_STATUS_PAID
			}
		}
	})
}

// awaitLook returns once the worker has asked for the height.
func (l *ledger) awaitLook(t testing.TB) {
	t.Helper()
	select {
	case <-l.looks:
	case <-time.After(20 * time.Second):
		t.Fatal("the worker does not ask for the height")
	}
}

func (l *ledger) Status(context.Context) (chain.Status, error) {
	select {
	case l.looks <- struct{}{}:
	default:
	}
	if err := l.call("status"); err != nil {
		return chain.Status{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return chain.Status{Height: l.height, Time: testTime}, nil
}

func (l *ledger) ChainID(context.Context) (string, error) { return l.chainID, l.call("chain") }

func (l *ledger) Worker(_ context.Context, address string) (metadatatypes.Worker, error) {
	if err := l.call("worker"); err != nil {
		return metadatatypes.Worker{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.registered || address != l.f.worker {
		return metadatatypes.Worker{}, chain.ErrNotFound
	}
	return metadatatypes.Worker{Address: address, Owner: l.f.owner, PublicKey: l.f.keys.Reader.Public().Bytes()}, nil
}

func (l *ledger) RecordsByOwner(_ context.Context, owner string) ([]metadatatypes.Record, error) {
	if err := l.call("records"); err != nil || owner != l.f.owner {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return []metadatatypes.Record{l.f.record}, nil
}

func (l *ledger) AdmittedVersion(_ context.Context, id string) (metadatatypes.Record, metadatatypes.Version, error) {
	if err := l.call("version"); err != nil {
		return metadatatypes.Record{}, metadatatypes.Version{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.record, l.f.version, nil
}

func (l *ledger) Grants(context.Context, string) ([]metadatatypes.Grant, error) {
	if err := l.call("grants"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.grants, nil
}

func (l *ledger) JobsByPool(_ context.Context, pool uint64, s computetypes.JobStatus) ([]computetypes.Job, error) {
	if err := l.call("jobs"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if pool != l.job.Spec.PoolId || l.job.Status != s {
		return nil, nil
	}
	return []computetypes.Job{l.job}, nil
}

func (l *ledger) Job(_ context.Context, id string) (computetypes.Job, error) {
	if err := l.call("job"); err != nil {
		return computetypes.Job{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if id != l.job.Id {
		return computetypes.Job{}, chain.ErrNotFound
	}
	return l.job, nil
}

func (l *ledger) Program(context.Context, string) (computetypes.Program, error) {
	return l.f.program, l.call("program")
}

func (l *ledger) ProgramCode(context.Context, string) ([]byte, error) {
	return l.f.code, l.call("code")
}

func (l *ledger) Contribution(context.Context, string, string) (computetypes.Contribution, error) {
	if err := l.call("contribution"); err != nil {
		return computetypes.Contribution{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.contribution == nil {
		return computetypes.Contribution{}, chain.ErrNotFound
	}
	return *l.contribution, nil
}

func (l *ledger) Send(_ context.Context, msg sdk.Msg, _ int64) (chain.TxResult, error) {
	if err := l.call("send"); err != nil {
		return chain.TxResult{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	switch m := msg.(type) {
	case *computetypes.MsgContribute:
		err = l.contribute(m)
	case *computetypes.MsgDeliver:
		err = l.deliver(m)
	default:
		err = fmt.Errorf("unexpected %T", msg)
	}
	if err != nil {
		l.refused++
		return chain.TxResult{}, &chain.TxError{Log: err.Error()}
	}
	l.taken[sdk.MsgTypeURL(msg)]++
	if l.afterMsg != nil {
		if err := l.afterMsg(); err != nil {
			return chain.TxResult{}, err
		}
	}
	return chain.TxResult{Hash: "AB", Height: l.height, GasUsed: 1}, nil
}

func (l *ledger) contribute(m *computetypes.MsgContribute) error {
	a := m.Attestation
	if err := a.Validate(); err != nil {
		return err
	}
	v := l.f.version.Content
	switch {
	case l.job.Status != computetypes.JOB_STATUS_CONTRIBUTING:
		return errors.New("wrong phase")
	case l.contribution != nil:
		return errors.New("already contributed")
	case m.Worker != l.f.worker || a.JobId != l.job.Id || a.RecordId != l.f.record.Id:
		return errors.New("stranger")
	case a.Version != v.Version || a.Rows != v.Commitment.Rows || string(a.RowRoot) != string(v.Commitment.Root):
		return errors.New("wrong version")
	case a.Operations != 4974:
		return errors.New("wrong operations")
	}
	l.contribution = &computetypes.Contribution{
		Attestation: a, Owner: l.f.owner, Worker: m.Worker, Status: computetypes.CONTRIBUTION_STATUS_ATTESTED,
		Fee: computetypes.NewFunds(4974, 4974), GrantId: 1, Height: l.height,
	}
	return nil
}

func (l *ledger) deliver(m *computetypes.MsgDeliver) error {
	switch {
	case l.job.Status != computetypes.JOB_STATUS_DELIVERING:
		return errors.New("wrong phase")
	case l.delivery != nil:
		return errors.New("already delivered")
	case string(computetypes.SealedVectorHash(m.Sealed)) != string(l.contribution.Attestation.ResultCommitment):
		return errors.New("not what was attested")
	}
	sealed := m.Sealed
	l.delivery = &sealed
	l.contribution.Status = computetypes.CONTRIBUTION_STATUS_DELIVERED
	return nil
}
