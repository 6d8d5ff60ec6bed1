package chain

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
)

const (
	// asking is how many proofs are asked for at a time.
	asking = 8
	// maxListed bounds the entries of a node's list that are proved in one call.
	maxListed = 2000
	// maxKept bounds the entries that are remembered between blocks.
	maxKept = 20_000
)

// Proving is a Client that believes only what the chain's state proves. Every answer between two calls of Status is of one
// height, the snapshot's. A node's lists only say which entries to ask for: what it hides costs work and pay, and gives no
// secret away. If the node's answer proves nothing, its witnesses are asked.
//
// Account numbers, prices of gas, simulations and the results of transactions are not proved: they hold no secret. It may be
// used by several goroutines.
type Proving struct {
	*Client
	others []*Client
	chain  string
	rules  light.Rules
	light  *light.Client
	now    func() time.Time

	mu       sync.Mutex
	snapshot *checkedSnapshot
	kept     map[string]keptEntry // entries of lists by what they are of
}

// checkedSnapshot is a snapshot whose layout is checked before anything in it is believed.
type checkedSnapshot struct {
	*light.Snapshot
	once sync.Once
	err  error
}

// keptEntry is an entry of a list that was proved to be just what the node says of it.
type keptEntry struct {
	said  [sha256.Size]byte
	value any
}

// ErrNoStatus means that Status has not succeeded yet.
var ErrNoStatus = errors.New("no header of the chain is trusted yet")

// NewProving returns a client that asks a node, and its witnesses, with proofs. The configuration lacks only the nodes.
func NewProving(cfg light.Config, node *Client, witnesses ...*Client) (*Proving, error) {
	cfg.Node = node
	for _, w := range witnesses {
		cfg.Witnesses = append(cfg.Witnesses, w)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	verifier, err := light.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Proving{
		Client: node, others: witnesses, chain: cfg.ChainID, rules: cfg.Rules, light: verifier, now: cfg.Now, kept: map[string]keptEntry{},
	}, nil
}

// Agreed is how many other nodes showed the same header at the last Status, and how many were asked.
func (p *Proving) Agreed() (agreed, of int) { return p.light.Agreed(), len(p.others) }

// Status advances to the newest header that follows from the trusted one, and returns the height of the state that it proves,
// which is the block before, and its time.
func (p *Proving) Status(ctx context.Context) (Status, error) {
	s, err := p.light.Advance(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("status: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.snapshot == nil || p.snapshot.Height != s.Height {
		p.snapshot = &checkedSnapshot{Snapshot: s}
	}
	if len(p.kept) > maxKept {
		clear(p.kept)
	}
	return Status{Height: s.Height, Time: s.Time}, nil
}

// ChainID is the chain of the trusted header. If there is none yet and none can be had, it is what the node says.
func (p *Proving) ChainID(ctx context.Context) (string, error) {
	if p.light.Trusted().Height > 0 {
		return p.chain, nil
	}
	_, err := p.Status(ctx)
	if err == nil {
		return p.chain, nil
	}
	if id, other := p.Client.ChainID(ctx); other == nil && id != p.chain {
		return id, nil
	}
	return "", err
}

// current returns the present snapshot, unless it is too old or of a layout that is not known.
func (p *Proving) current(ctx context.Context) (*checkedSnapshot, error) {
	p.mu.Lock()
	s := p.snapshot
	p.mu.Unlock()
	if s == nil {
		return nil, ErrNoStatus
	}
	if age := p.now().Sub(s.Time); age > p.rules.Behind {
		return nil, fmt.Errorf("%w: state %d: expected one of the last %s, got one that is %s old", light.ErrStale, s.Height, p.rules.Behind, age.Round(time.Second))
	}
	s.once.Do(func() { s.err = p.checkLayout(ctx, s) })
	if s.err != nil {
		// A node that does not answer now may do so later.
		p.mu.Lock()
		if p.snapshot == s {
			p.snapshot = &checkedSnapshot{Snapshot: s.Snapshot}
		}
		p.mu.Unlock()
		return nil, s.err
	}
	return s, nil
}

// checkLayout makes sure that the keys of the state are the known ones, and that the stake of those who have signed is still at
// risk.
func (p *Proving) checkLayout(ctx context.Context, s *checkedSnapshot) error {
	group, ctx := errgroup.WithContext(ctx)
	for module := range keys.Layout {
		group.Go(func() error {
			value, _, err := s.Get(ctx, keys.Upgrade, keys.ModuleVersion(module))
			if err != nil {
				return err
			}
			return keys.CheckVersion(module, value)
		})
	}
	group.Go(func() error {
		params, err := s.bytes(ctx, keys.Staking, "parameters of staking", keys.StakingParams())
		if err != nil {
			return unexpectedlyAbsent(err)
		}
		unbonding, err := keys.UnbondingTime(params)
		if err == nil && unbonding <= p.rules.Period {
			return fmt.Errorf("%w: unbonding time: expected more than the trust period of %s, got %s", light.ErrExpired, p.rules.Period, unbonding)
		}
		return err
	})
	return group.Wait()
}

// message reads what a key holds. The error is ErrNotFound if the chain proves that it holds nothing.
func (s *checkedSnapshot) message(ctx context.Context, store, what string, key []byte, into proto.Message) error {
	value, err := s.bytes(ctx, store, what, key)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func (s *checkedSnapshot) bytes(ctx context.Context, store, what string, key []byte) ([]byte, error) {
	value, found, err := s.Get(ctx, store, key)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", what, err)
	case !found:
		return nil, fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return value, nil
}

// Worker is proved by its account.
func (p *Proving) Worker(ctx context.Context, address string) (Worker, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Worker{}, err
	}
	account, err := ParseAddress(address)
	if err != nil {
		return Worker{}, err
	}
	var m metadatav1.Worker
	if err := s.message(ctx, keys.Metadata, "worker "+address, keys.Worker(account), &m); err != nil {
		return Worker{}, err
	}
	return workerOf(&m), nil
}

// AdmittedVersion is the proved record, and then its version by the number that the record names.
func (p *Proving) AdmittedVersion(ctx context.Context, recordID string) (Record, Version, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Record{}, Version{}, err
	}
	var record metadatav1.Record
	if err := s.message(ctx, keys.Metadata, "record "+recordID, keys.Record(recordID), &record); err != nil {
		return Record{}, Version{}, err
	}
	number := record.GetAdmitted()
	if number == 0 {
		number = record.GetVersions()
	}
	var version metadatav1.Version
	what := fmt.Sprintf("version %d of record %s", number, recordID)
	if err := s.message(ctx, keys.Metadata, what, keys.Version(recordID, number), &version); err != nil {
		return Record{}, Version{}, unexpectedlyAbsent(err)
	}
	return recordOf(&record), versionOf(&version), nil
}

// unexpectedlyAbsent keeps the absence of what another proved entry names from being taken for the absence of the whole.
func unexpectedlyAbsent(err error) error {
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: %s", light.ErrProof, err.Error())
	}
	return err
}

// RecordsByOwner are the listed records of an owner that the state proves.
func (p *Proving) RecordsByOwner(ctx context.Context, owner string) ([]Record, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	records, err := listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := c.RecordsByOwner(ctx, owner)
		return idsOf(all, func(r Record) string { return r.Id }), err
	}, func(ctx context.Context, id string) (Record, error) {
		var m metadatav1.Record
		err := s.message(ctx, keys.Metadata, "record "+id, keys.Record(id), &m)
		return recordOf(&m), err
	})
	if err != nil {
		return nil, fmt.Errorf("records of %s: %w", owner, err)
	}
	return keep(records, func(r Record) bool { return r.Owner == owner }), nil
}

// Grants are the listed grants of a record that the state proves.
func (p *Proving) Grants(ctx context.Context, recordID string) ([]Grant, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	grants, err := listed(ctx, p, func(c *Client) ([]uint64, error) {
		all, err := c.Grants(ctx, recordID)
		return idsOf(all, func(g Grant) uint64 { return g.Id }), err
	}, func(ctx context.Context, id uint64) (Grant, error) {
		var m metadatav1.Grant
		if err := s.message(ctx, keys.Metadata, fmt.Sprintf("grant %d of record %s", id, recordID), keys.Grant(recordID, id), &m); err != nil {
			return Grant{}, err
		}
		return grantOf(&m)
	})
	if err != nil {
		return nil, fmt.Errorf("grants of %s: %w", recordID, err)
	}
	return grants, nil
}

// Program is proved by its id.
func (p *Proving) Program(ctx context.Context, id string) (Program, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Program{}, err
	}
	var m computev1.Program
	if err := s.message(ctx, keys.Compute, "program "+id, keys.Program(id), &m); err != nil {
		return Program{}, err
	}
	return programOf(&m), nil
}

// ProgramCode is proved by its hash, which is the id.
func (p *Proving) ProgramCode(ctx context.Context, id string) (code []byte, err error) {
	return fromAny(p, func(c *Client) ([]byte, error) { return c.ProgramCode(ctx, id) })
}

// MaxContributionBytes is proved with the parameters.
func (p *Proving) MaxContributionBytes(ctx context.Context) (uint32, error) {
	s, err := p.current(ctx)
	if err != nil {
		return 0, err
	}
	var m computev1.Params
	if err := s.message(ctx, keys.Compute, "parameters of jobs", keys.Params(), &m); err != nil {
		return 0, err
	}
	return m.GetMaxContributionBytes(), nil
}

// Job is a whole job with its seats' keys, all of one height.
func (p *Proving) Job(ctx context.Context, id string) (Job, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Job{}, err
	}
	m, err := s.job(ctx, id)
	if err != nil {
		return Job{}, err
	}
	group, asked := errgroup.WithContext(ctx)
	for _, seat := range m.GetSeats() {
		group.Go(func() error {
			// Absent is the key of a seat that has not given one yet, or whose job is over.
			key, _, err := s.Get(asked, keys.Compute, keys.SeatKey(id, seat.GetOperator()))
			seat.Key = key
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	job, err := jobOf(m)
	if err != nil {
		return Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	return job, nil
}

// job joins the parts of a job as the chain does, without the keys of its seats.
func (s *checkedSnapshot) job(ctx context.Context, id string) (*computev1.Job, error) {
	var (
		progress computev1.JobProgress
		terms    computev1.JobTerms
		question computev1.JobQuestion
		seats    computev1.JobSeats
	)
	what := "job " + id
	group, asked := errgroup.WithContext(ctx)
	group.Go(func() error { return s.message(asked, keys.Compute, what, keys.Progress(id), &progress) })
	group.Go(func() error {
		if err := s.message(asked, keys.Compute, what, keys.Terms(id), &terms); err != nil {
			return err
		}
		if terms.GetSpec().GetDelivery() != DeliverySecureSum {
			return nil
		}
		return s.message(asked, keys.Compute, what, keys.Seats(id), &seats)
	})
	group.Go(func() error { return s.message(asked, keys.Compute, what, keys.Question(id), &question) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	spec := terms.GetSpec()
	if spec == nil {
		return nil, fmt.Errorf("%s: expected terms with a question, got none", what)
	}
	spec.Input, spec.ReaderKey = question.GetInput(), question.GetReaderKey()
	return &computev1.Job{
		Id: id, Consumer: terms.GetConsumer(), Spec: spec, Status: progress.GetStatus(), Failure: progress.GetFailure(),
		DeadlineHeight: progress.GetDeadlineHeight(), DataPerAlita: terms.GetDataPerAlita(), Owners: progress.GetOwners(),
		Reserved: progress.GetReserved(), StakersFeePpm: terms.GetStakersFeePpm(), Round: progress.GetRound(), Attempt: progress.GetAttempt(),
		Seats: seats.GetSeats(), VerifyKey: seats.GetVerifyKey(), Contributions: progress.GetContributions(), Valid: seats.GetValid(),
		MicroRho: terms.GetMicroRho(), Vdaf: terms.GetVdaf(), OpenedAttempts: seats.GetOpenedAttempts(),
	}, nil
}

// JobsByPool are the listed jobs of a pool that the state proves to be in a status, without the keys of their seats. An entry is proved again when the
// node says something else of it: Job is proved afresh.
func (p *Proving) JobsByPool(ctx context.Context, poolID uint64, status JobStatus) ([]Job, error) {
	jobs, err := p.listedJobs(ctx, func(c *Client) ([]Job, error) { return c.JobsByPool(ctx, poolID, status) })
	if err != nil {
		return nil, fmt.Errorf("jobs of pool %d: %w", poolID, err)
	}
	return keep(jobs, func(j Job) bool { return j.Spec.PoolId == poolID && j.Status == status }), nil
}

// JobsBySeat are the listed jobs with a seat of an account that the state proves, as JobsByPool.
func (p *Proving) JobsBySeat(ctx context.Context, account string) ([]Job, error) {
	jobs, err := p.listedJobs(ctx, func(c *Client) ([]Job, error) { return c.JobsBySeat(ctx, account) })
	if err != nil {
		return nil, fmt.Errorf("jobs of the seat %s: %w", account, err)
	}
	return keep(jobs, func(j Job) bool { return hasSeat(j, account) }), nil
}

func hasSeat(j Job, account string) bool {
	for _, s := range j.Seats {
		if s.Account == account {
			return true
		}
	}
	return false
}

func (p *Proving) listedJobs(ctx context.Context, list func(*Client) ([]Job, error)) ([]Job, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	said := map[string]Job{}
	return listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := list(c)
		for _, j := range all {
			said[j.Id] = j
		}
		return idsOf(all, func(j Job) string { return j.Id }), err
	}, func(ctx context.Context, id string) (Job, error) {
		return remembered(p, "job/"+id, said[id], func() (Job, error) {
			m, err := s.job(ctx, id)
			if err != nil {
				return Job{}, err
			}
			return jobOf(m)
		})
	})
}

// Contribution is proved by job and record.
func (p *Proving) Contribution(ctx context.Context, jobID, recordID string) (Contribution, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Contribution{}, err
	}
	return s.contribution(ctx, jobID, recordID)
}

func (s *checkedSnapshot) contribution(ctx context.Context, jobID, recordID string) (Contribution, error) {
	var m computev1.Contribution
	what := "contribution of " + recordID + " to " + jobID
	if err := s.message(ctx, keys.Compute, what, keys.Contribution(jobID, recordID), &m); err != nil {
		return Contribution{}, err
	}
	c, err := contributionOf(&m)
	if err != nil {
		return Contribution{}, fmt.Errorf("%s: %w", what, err)
	}
	return c, nil
}

// Contributions are the listed contributions to a job that the state proves. An entry is proved again when the node says
// something else of it. Who needs all of them counts them: the job says how many there are.
func (p *Proving) Contributions(ctx context.Context, jobID string) ([]Contribution, error) {
	s, err := p.current(ctx)
	if err != nil {
		return nil, err
	}
	said := map[string]Contribution{}
	all, err := listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := c.Contributions(ctx, jobID)
		for _, c := range all {
			said[c.Record] = c
		}
		return idsOf(all, func(c Contribution) string { return c.Record }), err
	}, func(ctx context.Context, record string) (Contribution, error) {
		return remembered(p, "contribution/"+jobID+"/"+record, said[record], func() (Contribution, error) {
			return s.contribution(ctx, jobID, record)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("contributions to %s: %w", jobID, err)
	}
	return all, nil
}

// Shares are the ones that the proved contribution commits to, from whichever node has them.
func (p *Proving) Shares(ctx context.Context, jobID, recordID string) (securesum.Shared, error) {
	s, err := p.current(ctx)
	if err != nil {
		return securesum.Shared{}, err
	}
	c, err := s.contribution(ctx, jobID, recordID)
	if err != nil {
		return securesum.Shared{}, err
	}
	return fromAny(p, func(node *Client) (securesum.Shared, error) {
		shared, err := node.Shares(ctx, jobID, recordID)
		if hash := securesum.Hash(shared); err == nil && string(hash[:]) != string(c.ResultCommitment) {
			err = fmt.Errorf("%w: shares of record %s to job %s: expected the ones of the contribution, got others", light.ErrProof, recordID, jobID)
		}
		return shared, err
	})
}

// Preparations are proved one by one: a share that the chain does not prove is an error and never a refusal, which the
// contribution itself tells.
func (p *Proving) Preparations(ctx context.Context, jobID, recordID string) (Preparations, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Preparations{}, err
	}
	what := "preparations of " + recordID + " to " + jobID
	c, err := s.contribution(ctx, jobID, recordID)
	if err != nil {
		return Preparations{}, err
	}
	var seats computev1.JobSeats
	if err := s.message(ctx, keys.Compute, what, keys.Seats(jobID), &seats); err != nil {
		return Preparations{}, unexpectedlyAbsent(err)
	}
	out := Preparations{Shares: make([][]byte, len(seats.GetSeats()))}
	if c.Status != ContributionInvalid && c.Status != ContributionAttested {
		message, err := s.bytes(ctx, keys.Compute, what, keys.Message(jobID, recordID))
		if err != nil {
			return Preparations{}, unexpectedlyAbsent(err)
		}
		out.Message = message
		return out, nil
	}
	group, asked := errgroup.WithContext(ctx)
	for i := range out.Shares {
		switch {
		case c.Refused&(1<<i) != 0:
		case c.Prepared&(1<<i) == 0:
			return Preparations{}, fmt.Errorf("%s: seat %d: expected its preparation share, got none yet", what, i)
		default:
			group.Go(func() error {
				share, err := s.bytes(asked, keys.Compute, what, keys.Prepared(jobID, recordID, uint64(i)))
				out.Shares[i] = share
				return unexpectedlyAbsent(err)
			})
		}
	}
	return out, group.Wait()
}

// fromAny returns the first answer of the node and its witnesses that is no error.
func fromAny[T any](p *Proving, ask func(*Client) (T, error)) (T, error) {
	var errs []error
	for _, c := range append([]*Client{p.Client}, p.others...) {
		answer, err := ask(c)
		if err == nil {
			return answer, nil
		}
		errs = append(errs, err)
	}
	var none T
	return none, errors.Join(errs...)
}

// listed proves what a node lists, in its order. Entries that the state does not hold are left out: they may be newer, older or
// made up, and if there are any, the witnesses' lists are proved as well.
func listed[K comparable, T any](ctx context.Context, p *Proving, list func(*Client) ([]K, error), prove func(context.Context, K) (T, error)) ([]T, error) {
	var errs []error
	var out []T
	answered, seen := false, map[K]bool{}
	for _, c := range append([]*Client{p.Client}, p.others...) {
		ids, err := list(c)
		if err == nil && len(ids) > maxListed {
			err = fmt.Errorf("list: expected at most %d entries, got %d", maxListed, len(ids))
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		var fresh []K
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				fresh = append(fresh, id)
			}
		}
		entries, refuted, err := proveAll(ctx, fresh, prove)
		if err != nil {
			return nil, err
		}
		out, answered = append(out, entries...), true
		if !refuted {
			return out, nil
		}
	}
	if answered {
		return out, nil
	}
	return nil, errors.Join(errs...)
}

// proveAll proves entries, some at a time. refuted reports whether one of them is not in the state.
func proveAll[K, T any](ctx context.Context, ids []K, prove func(context.Context, K) (T, error)) (entries []T, refuted bool, err error) {
	proved, found := make([]T, len(ids)), make([]bool, len(ids))
	group, asked := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	for i, id := range ids {
		group.Go(func() error {
			entry, err := prove(asked, id)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			proved[i], found[i] = entry, err == nil
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	for i := range proved {
		if found[i] {
			entries = append(entries, proved[i])
		}
	}
	return entries, len(entries) < len(ids), nil
}

// remembered proves an entry of a list, unless just what the node says of it was proved before. What is remembered was true at
// an earlier height, and is not what a secret leaves for: Job and Contribution are proved afresh.
func remembered[T any](p *Proving, of string, said T, prove func() (T, error)) (T, error) {
	hash := contentHash(said)
	p.mu.Lock()
	e, ok := p.kept[of]
	p.mu.Unlock()
	if ok && e.said == hash {
		return e.value.(T), nil
	}
	value, err := prove()
	if err != nil {
		return value, err
	}
	if contentHash(value) == hash { // else the node speaks of another height, or lies
		p.mu.Lock()
		p.kept[of] = keptEntry{said: hash, value: value}
		p.mu.Unlock()
	}
	return value, nil
}

// contentHash is equal for answers of equal content.
func contentHash(answer any) [sha256.Size]byte {
	content, err := json.Marshal(answer)
	if err != nil {
		panic(err) // the types of this package can all be encoded
	}
	return sha256.Sum256(content)
}

func idsOf[T any, K comparable](all []T, id func(T) K) []K {
	out := make([]K, len(all))
	for i, v := range all {
		out[i] = id(v)
	}
	return out
}

func keep[T any](all []T, wanted func(T) bool) []T {
	var out []T
	for _, v := range all {
		if wanted(v) {
			out = append(out, v)
		}
	}
	return out
}
