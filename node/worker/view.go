package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sort"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
)

// Chain has the queries of a worker. *chain.Client implements it.
type Chain interface {
	Status(ctx context.Context) (chain.Status, error)
	ChainID(ctx context.Context) (string, error)
	Worker(ctx context.Context, address string) (chain.Worker, error)
	RecordsByOwner(ctx context.Context, owner string) ([]chain.Record, error)
	AdmittedVersion(ctx context.Context, recordID string) (chain.Record, chain.Version, error)
	Grants(ctx context.Context, recordID string) ([]chain.Grant, error)
	Membership(ctx context.Context, panelID, recordID string) (chain.Membership, error)
	JobsByPool(ctx context.Context, poolID uint64, s chain.JobStatus) ([]chain.Job, error)
	Job(ctx context.Context, id string) (chain.Job, error)
	Program(ctx context.Context, id string) (chain.Program, error)
	ProgramCode(ctx context.Context, id string) ([]byte, error)
	Contribution(ctx context.Context, jobID, recordID string) (chain.Contribution, error)
	MaxContributionBytes(ctx context.Context) (uint32, error)
	Preparations(ctx context.Context, jobID, recordID string) (chain.Preparations, error)
}

// ErrRegistration ends a worker that the chain knows with another owner or key: waiting does not mend that.
var ErrRegistration = errors.New("registration of the worker")

// view is the part of the chain's state at a block that concerns more than one job: the registration, the owner's records
// and programs.
type view struct {
	chain   Chain
	policy  *Policy
	address string
	key     seal.PublicKey
	log     *slog.Logger

	at         chain.Status
	registered bool
	waiting    bool // for the registration; said once
	records    map[string]*listing
	programs   map[string]chain.Program
	grants     map[string][]chain.Grant // of the records, in this block
	maxShared  uint32                   // the most bytes of shares, in this block; 0 if it was not asked for
}

// listing is a record of the owner that the policy covers, with the version that is computed on.
type listing struct {
	record  chain.Record
	version chain.Version
	sealed  bool // to this worker
	// panel is the record's part in its panel, nil outside of panels. In a job over panels, version is its content in the edition.
	panel *chain.Membership
}

// same reports whether a vector was computed from the version that is admitted now.
func (l *listing) same(v Vector) bool {
	return v.Version == l.version.Content.Version && string(v.RowRoot) == string(l.version.Content.Commitment.Root)
}

func newView(cfg *Config) *view {
	return &view{
		chain: cfg.Chain, policy: &cfg.Policy, address: cfg.Address, key: cfg.Key, log: cfg.Log,
		records: map[string]*listing{}, programs: map[string]chain.Program{},
	}
}

// refresh asks for everything that can have changed with a block. ready is false until the owner has registered the worker.
func (v *view) refresh(ctx context.Context, at chain.Status) (ready bool, err error) {
	v.at, v.grants, v.maxShared = at, map[string][]chain.Grant{}, 0
	if err := v.awaitRegistration(ctx); err != nil || !v.registered {
		return false, err
	}
	return true, v.refreshRecords(ctx)
}

// awaitRegistration asks whether the owner has registered the worker, until it has.
func (v *view) awaitRegistration(ctx context.Context) error {
	if v.registered {
		return nil
	}
	err := checkRegistration(ctx, v.chain, v.address, v.policy.Owner, v.key)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		if !v.waiting {
			v.waiting = true
			v.log.Warn("waiting", "reason", "not registered: the owner has to run the command that init printed")
		}
		return nil
	case err != nil:
		return err
	}
	v.registered = true
	v.log.Info("registered", "owner", v.policy.Owner, "height", v.at.Height)
	return nil
}

// checkRegistration makes sure that the chain knows a worker, by its address, with its owner and its key. The errors are
// chain.ErrNotFound, ErrRegistration and errors of the connection.
func checkRegistration(ctx context.Context, c Chain, address, owner string, key seal.PublicKey) error {
	reg, err := c.Worker(ctx, address)
	switch {
	case err != nil:
		return err
	case reg.Owner != owner:
		return fmt.Errorf("%w: expected the policy's owner %s, got %s", ErrRegistration, owner, reg.Owner)
	case string(reg.PublicKey) != string(key.Bytes()):
		return fmt.Errorf("%w: expected the public key of the key file, got another one", ErrRegistration)
	}
	return nil
}

// refreshRecords looks for the owner's records and their admitted versions.
func (v *view) refreshRecords(ctx context.Context) error {
	all, err := v.chain.RecordsByOwner(ctx, v.policy.Owner)
	if err != nil {
		return err
	}
	now := make(map[string]*listing, len(all))
	for _, r := range all {
		if r.Status != chain.RecordActive || !v.policy.AllowsRecord(r.Id) {
			continue
		}
		known, ok := v.records[r.Id]
		if ok && known.record.Admitted == r.Admitted && known.record.ModifiedAt.Equal(r.ModifiedAt) {
			known.record = r // its privacy budget changes by itself
			now[r.Id] = known
			continue
		}
		if now[r.Id], err = v.list(ctx, r.Id); err != nil {
			return err
		}
	}
	v.records = now
	return v.refreshPanels(ctx)
}

func (v *view) list(ctx context.Context, recordID string) (*listing, error) {
	record, version, err := v.chain.AdmittedVersion(ctx, recordID)
	if err != nil {
		return nil, err
	}
	l := &listing{record: record, version: version, sealed: SealedTo(version, v.key)}
	if l.sealed {
		v.log.Info("record", "record", recordID, "pool", record.PoolId, "version", version.Content.Version, "rows", version.Content.Commitment.Rows)
	} else {
		v.log.Warn("record is not sealed to this worker, it can take no part in its jobs", "record", recordID, "version", version.Content.Version)
	}
	return l, nil
}

// byPool returns the records that are sealed to this worker, in the order of their ids, by pool.
func (v *view) byPool() map[uint64][]*listing {
	pools := map[uint64][]*listing{}
	for _, l := range v.records {
		if l.sealed {
			pools[l.record.PoolId] = append(pools[l.record.PoolId], l)
		}
	}
	for _, in := range pools {
		sort.Slice(in, func(a, b int) bool { return in[a].record.Id < in[b].record.Id })
	}
	return pools
}

// sealed returns the records that are sealed to this worker, in the order of their ids.
func (v *view) sealed() []Candidate {
	var all []Candidate
	for _, id := range slices.Sorted(maps.Keys(v.records)) {
		if l := v.records[id]; l.sealed {
			all = append(all, Candidate{Record: l.record, Version: l.version})
		}
	}
	return all
}

func (v *view) usable() int {
	n := 0
	for _, in := range v.byPool() {
		n += len(in)
	}
	return n
}

// isCurrent reports whether a vector was computed from the version of the record that a job computes on now.
func (v *view) isCurrent(job chain.Job, recordID string, of Vector) bool {
	l, ok := v.records[recordID]
	return ok && l.in(job).same(of)
}

// program returns a program's description, which never changes.
func (v *view) program(ctx context.Context, id string) (chain.Program, error) {
	if p, ok := v.programs[id]; ok {
		return p, nil
	}
	p, err := v.chain.Program(ctx, id)
	if err != nil {
		return chain.Program{}, err
	}
	v.programs[id] = p
	return p, nil
}

// candidate collects what the chain says about a record in a job.
func (v *view) candidate(ctx context.Context, job chain.Job, l *listing) (Candidate, error) {
	l = l.in(job)
	program, err := v.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return Candidate{}, err
	}
	grants, ok := v.grants[l.record.Id]
	if !ok {
		if grants, err = v.chain.Grants(ctx, l.record.Id); err != nil {
			return Candidate{}, err
		}
		v.grants[l.record.Id] = grants
	}
	if job.IsSecure() && v.maxShared == 0 {
		if v.maxShared, err = v.chain.MaxContributionBytes(ctx); err != nil {
			return Candidate{}, err
		}
	}
	return Candidate{
		Job: job, Program: program, Record: l.record, Version: l.version, Panel: l.panel, Grants: grants,
		Height: v.at.Height, Time: v.at.Time, MaxShared: v.maxShared,
	}, nil
}
