package worker_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

var errNetwork = nodetest.ErrNetwork

// ledger is a chain reduced to what a worker can see of it: one job, one record, and the rules by which
// contributions and deliveries are taken. Every message counts, so that a test sees what was sent twice.
type ledger struct {
	mu           sync.Mutex
	f            *fixture
	height       int64
	job          chain.Job
	contribution *chain.Contribution
	attestation  computetypes.Attestation // of the contribution
	delivery     *computetypes.SealedVector
	said         chain.Preparations
	secure       *secureLedger // if the job is a secure sum
	registered   bool
	grants       []chain.Grant
	chainID      string

	operations uint64 // of a contribution

	taken    map[string]int // messages that a block took, by kind
	refused  int            // messages that the rules refused
	fail     func(call string) error
	added    func()        // called after a block was added; may be nil
	looks    chan struct{} // gets a value whenever the worker asks for the height, or in vain for the chain
	afterMsg func() error  // called after a message took effect; an error is the lost answer
}

func newLedger(f *fixture) *ledger {
	return &ledger{
		f: f, height: 12, job: f.job, registered: true, grants: []chain.Grant{f.grant}, chainID: testChain,
		operations: 12_318,
		taken:      map[string]int{}, looks: make(chan struct{}, 1),
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
	if l.added != nil {
		defer l.added()
	}
	l.with(func() {
		l.height++
		if l.secure != nil {
			return // the test says when a phase begins
		}
		switch {
		case l.job.Status == chain.JobContributing && l.height > l.job.DeadlineHeight:
			if l.contribution == nil {
				l.job.Status, l.job.Failure = chain.JobFailed, chain.FailureCohort
				return
			}
			l.job.Status, l.job.DeadlineHeight = chain.JobDelivering, l.height+30
		case l.job.Status == chain.JobDelivering && l.height > l.job.DeadlineHeight:
			l.job.Status = chain.JobSettled
			l.contribution.Status = chain.ContributionUnpaid
			if l.delivery != nil {
				l.contribution.Status = chain.ContributionPaid
			}
		}
	})
}

// patience is how long a test waits for a worker on the slowest of machines.
const patience = 2 * time.Minute

// awaitLook returns once the worker has asked for the height, or in vain for the chain.
func (l *ledger) awaitLook(t testing.TB) {
	t.Helper()
	select {
	case <-l.looks:
	case <-time.After(patience):
		t.Fatal("the worker does not ask for the height")
	}
}

func (l *ledger) looked() {
	select {
	case l.looks <- struct{}{}:
	default:
	}
}

func (l *ledger) Status(context.Context) (chain.Status, error) {
	l.looked()
	if err := l.call("status"); err != nil {
		return chain.Status{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return chain.Status{Height: l.height, Time: testTime}, nil
}

func (l *ledger) ChainID(context.Context) (string, error) {
	err := l.call("chain")
	if err != nil {
		l.looked() // it comes no further
	}
	return l.chainID, err
}

func (l *ledger) Worker(_ context.Context, address string) (chain.Worker, error) {
	if err := l.call("worker"); err != nil {
		return chain.Worker{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.registered || address != l.f.worker {
		return chain.Worker{}, chain.ErrNotFound
	}
	return chain.Worker{Owner: l.f.owner, PublicKey: l.f.keys.Reader.Public().Bytes()}, nil
}

func (l *ledger) RecordsByOwner(_ context.Context, owner string) ([]chain.Record, error) {
	if err := l.call("records"); err != nil || owner != l.f.owner {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return []chain.Record{l.f.record}, nil
}

func (l *ledger) AdmittedVersion(_ context.Context, id string) (chain.Record, chain.Version, error) {
	if err := l.call("version"); err != nil {
		return chain.Record{}, chain.Version{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.record, l.f.version, nil
}

func (l *ledger) Grants(context.Context, string) ([]chain.Grant, error) {
	if err := l.call("grants"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.grants, nil
}

func (l *ledger) Membership(_ context.Context, panel, record string) (chain.Membership, error) {
	if err := l.call("membership"); err != nil {
		return chain.Membership{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f.panel == nil || panel != l.f.panel.Panel.Id || record != l.f.record.Id {
		return chain.Membership{}, chain.ErrNotFound
	}
	return *l.f.panel, nil
}

func (l *ledger) JobsByPool(_ context.Context, pool uint64, s chain.JobStatus) ([]chain.Job, error) {
	if err := l.call("jobs"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if pool != l.job.Spec.PoolId || l.job.Status != s {
		return nil, nil
	}
	return []chain.Job{l.job}, nil
}

func (l *ledger) Job(_ context.Context, id string) (chain.Job, error) {
	if err := l.call("job"); err != nil {
		return chain.Job{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if id != l.job.Id {
		return chain.Job{}, chain.ErrNotFound
	}
	return l.job, nil
}

func (l *ledger) Program(context.Context, string) (chain.Program, error) {
	return l.f.program, l.call("program")
}

func (l *ledger) ProgramCode(context.Context, string) ([]byte, error) {
	return l.f.code, l.call("code")
}

func (l *ledger) Contribution(context.Context, string, string) (chain.Contribution, error) {
	if err := l.call("contribution"); err != nil {
		return chain.Contribution{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.contribution == nil {
		return chain.Contribution{}, chain.ErrNotFound
	}
	return *l.contribution, nil
}

func (l *ledger) MaxContributionBytes(context.Context) (uint32, error) {
	return 128 << 10, l.call("parameters")
}

func (l *ledger) Preparations(context.Context, string, string) (chain.Preparations, error) {
	if err := l.call("preparations"); err != nil {
		return chain.Preparations{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said, nil
}

func (l *ledger) Send(_ context.Context, msg proto.Message, _ chain.Limits) (chain.TxResult, error) {
	if err := l.call("send"); err != nil {
		return chain.TxResult{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	switch m := msg.(type) {
	case *computev1.MsgContribute:
		var read computetypes.MsgContribute
		if err = reread(m, &read); err == nil {
			err = l.contribute(&read)
		}
	case *computev1.MsgDeliver:
		var read computetypes.MsgDeliver
		if err = reread(m, &read); err == nil {
			err = l.deliver(&read)
		}
	case *computev1.MsgAccuseSeat:
		var read computetypes.MsgAccuseSeat
		if err = reread(m, &read); err == nil {
			err = l.secure.accuse(&read)
		}
	default:
		err = fmt.Errorf("unexpected %T", msg)
	}
	if err != nil {
		l.refused++
		return chain.TxResult{}, &chain.TxError{Log: err.Error()}
	}
	l.taken["/"+string(msg.ProtoReflect().Descriptor().FullName())]++
	if l.afterMsg != nil {
		if err := l.afterMsg(); err != nil {
			return chain.TxResult{}, err
		}
	}
	return chain.TxResult{Hash: "AB", Height: l.height, GasUsed: 1}, nil
}

// reread reads a worker's message as the chain does.
func reread(sent proto.Message, read gogoproto.Message) error {
	raw, err := proto.Marshal(sent)
	if err != nil {
		return err
	}
	return gogoproto.Unmarshal(raw, read)
}

func (l *ledger) contribute(m *computetypes.MsgContribute) error {
	a := m.Attestation
	if err := a.Validate(); err != nil {
		return err
	}
	v := l.f.version.Content
	if l.job.OverPanels() {
		v = l.f.panel.Version.Content
	}
	switch {
	case l.job.Status != chain.JobContributing:
		return errors.New("wrong phase")
	case l.contribution != nil && (l.secure == nil || l.job.Current(*l.contribution)):
		return errors.New("already contributed")
	case m.Worker != l.f.worker || a.JobId != l.job.Id || a.RecordId != l.f.record.Id:
		return errors.New("stranger")
	case a.Version != v.Version || a.Rows != v.Commitment.Rows || string(a.RowRoot) != string(v.Commitment.Root):
		return errors.New("wrong version")
	case a.Operations != l.operations:
		return errors.New("wrong operations")
	}
	l.attestation = a
	if l.secure != nil {
		if err := l.secure.contributeShares(m); err != nil {
			return err
		}
	}
	l.contribution = &chain.Contribution{
		Operations: a.Operations, ResultCommitment: a.ResultCommitment, Owner: l.f.owner, Worker: m.Worker,
		Status: chain.ContributionAttested, Fee: terms.NewFunds(12_318, 12_318), Height: l.height,
		Record: a.RecordId, Version: a.Version, Round: a.Round, Attempt: l.job.Attempt,
	}
	return nil
}

func (l *ledger) deliver(m *computetypes.MsgDeliver) error {
	switch {
	case l.job.Status != chain.JobDelivering:
		return errors.New("wrong phase")
	case l.delivery != nil:
		return errors.New("already delivered")
	case string(terms.SealedVectorHash(m.Sealed.Enc, m.Sealed.Ciphertext)) != string(l.contribution.ResultCommitment):
		return errors.New("not what was attested")
	}
	sealed := m.Sealed
	l.delivery = &sealed
	l.contribution.Status = chain.ContributionDelivered
	return nil
}
