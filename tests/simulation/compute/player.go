package simulation

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand"
	chacha "math/rand/v2"
	"slices"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
	metadatasim "github.com/alita-network/alita/tests/simulation/metadata"
	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Player plays the parts of seats, owners and readers of secure sums with the real protocol, mostly
// honestly. Their keys, secrets and vectors follow from public names, so that it need not remember
// anything. Its messages are random and fit the state at hand; each is nil if there is nothing to say.
type Player struct {
	Keeper  *keeper.Keeper
	Records *metadatakeeper.Keeper
	// Sealed lets seats seal their sums, with crypto/rand: the same in every run only if the test seeds
	// that, too. Without it what they send is random bytes of the right size.
	Sealed bool
	// Odds say how often seats lie.
	Odds Odds
}

// Odds say how often seats lie: once in so many answers, 0 is never.
type Odds struct{ Noise, Preparation, Sum int }

// DefaultOdds let seats lie now and then about everything.
var DefaultOdds = Odds{Noise: 12, Preparation: 6, Sum: 6}

// once reports whether a thing happens that happens once in n times.
func once(r *rand.Rand, n int) bool { return n > 0 && r.Intn(n) == 0 }

func keyOf(parts ...[]byte) (seal.PrivateKey, error) {
	seed := label.Hash("simulation/key", parts...)
	return seal.ParsePrivateKey(seed[:])
}

func seatKey(jobID, operator string) (seal.PrivateKey, error) {
	return keyOf([]byte("seat"), []byte(jobID), []byte(operator))
}

// ReaderKey is the n-th key of the reader of a job: a dispute shows one, and takes the next.
func ReaderKey(jobID string, n uint32) (seal.PrivateKey, error) {
	return keyOf([]byte("reader"), []byte(jobID), label.Uint64(uint64(n)))
}

// vectorOf is what a record gives in a job: numbers below 2^bits, or one slot that is 1.
func vectorOf(job types.Job, record string, program types.Program) []uint64 {
	vector := make([]uint64, job.Spec.Length)
	hash := label.Hash("simulation/vector", []byte(job.Id), []byte(record))
	if program.Kind == types.VECTOR_KIND_ONE_HOT {
		vector[binary.BigEndian.Uint64(hash[:])%uint64(len(vector))] = 1
		return vector
	}
	for i := range vector {
		vector[i] = binary.BigEndian.Uint64(hash[i%8:]) >> (64 - job.Spec.SumBits(program))
	}
	return vector
}

// game is a job with its protocol.
type game struct {
	types.Job
	sum     securesum.Protocol
	program types.Program
}

// some picks a secure sum that is in a phase and still takes its messages.
func (p Player) some(ctx context.Context, r *rand.Rand, phase types.JobStatus, fits func(types.Job) bool) (game, bool, error) {
	var jobs []types.Job
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	// Every open job is queued once.
	err := p.Keeper.Queue.Walk(ctx, nil, func(key collections.Pair[int64, string]) (bool, error) {
		job, err := p.Keeper.Job(ctx, key.K2())
		if err == nil && job.IsSecure() && job.Status == phase && height <= job.DeadlineHeight && (fits == nil || fits(job)) {
			jobs = append(jobs, job)
		}
		return err != nil, err
	})
	if err != nil || len(jobs) == 0 {
		return game{}, false, err
	}
	g := game{Job: jobs[r.Intn(len(jobs))]}
	if g.program, err = p.Keeper.Program(ctx, g.Spec.ProgramId); err != nil {
		return game{}, false, err
	}
	g.sum, err = types.ProtocolOf(sdk.UnwrapSDKContext(ctx).ChainID(), g.Job, g.program)
	return g, err == nil, err
}

// seatWith picks a seat of a job.
func seatWith(g game, r *rand.Rand, fits func(types.JobSeat) bool) (int, bool) {
	var seats []int
	for i, s := range g.Seats {
		if fits(s) {
			seats = append(seats, i)
		}
	}
	if len(seats) == 0 {
		return 0, false
	}
	return seats[r.Intn(len(seats))], true
}

// Turn is a message of anybody about any secure sum, nil where nobody has anything to say.
func (p Player) Turn(ctx context.Context, r *rand.Rand) (sdk.Msg, error) {
	parts := []func() (sdk.Msg, error){
		func() (sdk.Msg, error) { return message(p.TakeSeat(ctx, r)) },
		func() (sdk.Msg, error) { return message(p.AddNoise(ctx, r)) },
		func() (sdk.Msg, error) { return message(p.Contribute(ctx, r)) },
		func() (sdk.Msg, error) { return message(p.Prepare(ctx, r)) },
		func() (sdk.Msg, error) { return message(p.Accuse(ctx, r)) },
		func() (sdk.Msg, error) { return message(p.OpenSum(ctx, r)) },
		func() (sdk.Msg, error) { return p.Read(ctx, r) },
		func() (sdk.Msg, error) { return message(p.NextRound(ctx, r)) },
	}
	for _, i := range r.Perm(len(parts)) {
		if msg, err := parts[i](); msg != nil || err != nil {
			return msg, err
		}
	}
	return nil, nil
}

// message is a message as an interface, nil where there is none.
func message[M any, P interface {
	*M
	sdk.Msg
}](msg P, err error) (sdk.Msg, error) {
	if msg == nil {
		return nil, err
	}
	return msg, err
}

// TakeSeat gives a key for a seat that was drawn.
func (p Player) TakeSeat(ctx context.Context, r *rand.Rand) (*types.MsgTakeSeat, error) {
	drawn := func(s types.JobSeat) bool { return s.Status == types.SEAT_STATUS_DRAWN }
	g, found, err := p.some(ctx, r, types.JOB_STATUS_SEATING, func(j types.Job) bool { return len(j.Seats) > 0 && !j.Complete() })
	if err != nil || !found {
		return nil, err
	}
	seat, found := seatWith(g, r, drawn)
	if !found {
		return nil, nil
	}
	key, err := seatKey(g.Id, g.Seats[seat].Operator)
	if err != nil {
		return nil, err
	}
	public := key.Public()
	return &types.MsgTakeSeat{Account: g.Seats[seat].Account, JobId: g.Id, Key: public.Bytes()}, nil
}

// Contribute shares the vector of a record that has not contributed to the attempt. Its owner signs.
func (p Player) Contribute(ctx context.Context, r *rand.Rand) (*types.MsgContribute, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_CONTRIBUTING, func(j types.Job) bool { return !j.Full() })
	if err != nil || !found {
		return nil, err
	}
	type candidate struct {
		id     string
		record metadatatypes.Contributable
	}
	var all []candidate
	add := func(id string, record metadatatypes.Contributable) (bool, error) {
		c, err := p.Keeper.Contributions.Get(ctx, collections.Join(g.Id, id))
		if err != nil || !g.Current(c) {
			all = append(all, candidate{id, record})
		}
		return false, nil
	}
	if g.OverPanels() {
		for _, panel := range g.Spec.Panels {
			if err := p.Records.WalkPanel(ctx, panel, func(id string, record metadatatypes.Contributable) error {
				_, err := add(id, record)
				return err
			}); err != nil {
				return nil, err
			}
		}
	} else {
		err = metadatasim.WalkActive(ctx, p.Records, g.Spec.PoolId, add)
	}
	if err != nil || len(all) == 0 {
		return nil, err
	}
	c := all[r.Intn(len(all))]
	shared, _, err := share(g, given{sum: g.sum, of: bound(c.id, c.record.Version, c.record.Owner), vector: vectorOf(g.Job, c.id, g.program)})
	if err != nil {
		return nil, err
	}
	operations, err := g.program.Cost.Operations(c.record.Rows, uint32(len(g.Spec.Columns)), g.Spec.Length)
	if err != nil {
		return nil, err
	}
	hash := securesum.Hash(shared)
	return &types.MsgContribute{Worker: c.record.Owner.String(), Attestation: types.Attestation{
		JobId: g.Id, RecordId: c.id, Version: c.record.Version, RowRoot: c.record.RowRoot, Rows: c.record.Rows,
		Operations: operations, ResultCommitment: hash[:], Round: g.Round,
	}, Shared: types.SharedVectorOf(shared, g.Attempt)}, nil
}

func bound(record, version string, owner []byte) securesum.Contribution {
	return securesum.Contribution{Record: record, Version: version, Owner: owner}
}

// share makes the shares of a vector. Its secret follows from what it is for.
func share(g game, v given) (securesum.Shared, securesum.Evidence, error) {
	var keys []seal.PublicKey
	for _, s := range g.Seats {
		key, err := seatKey(g.Id, s.Operator)
		if err != nil {
			return securesum.Shared{}, nil, err
		}
		keys = append(keys, key.Public())
	}
	secret := label.Hash("simulation/secret", v.of.Owner, []byte(v.of.Record))
	return v.sum.Share(v.of, keys, v.vector, secret[:])
}

// given is a contribution to the present attempt of a job, or the noise of a seat.
type given struct {
	sum      securesum.Protocol
	of       securesum.Contribution
	vector   []uint64
	signer   string // who may contest it
	status   types.ContributionStatus
	prepared uint32
}

// current lists the contributions to the present attempt of a job, and the noise of its seats.
func (p Player) current(ctx context.Context, g game) (list []given, err error) {
	for i, s := range g.Seats {
		if s.Noise == nil {
			continue
		}
		v, err := noiseOf(g, i)
		if err != nil {
			return nil, err
		}
		v.status, v.prepared = s.Noise.Status, s.Noise.Prepared
		list = append(list, v)
	}
	err = p.Keeper.Contributions.Walk(ctx, collections.NewPrefixedPairRange[string, string](g.Id),
		func(_ collections.Pair[string, string], c types.Contribution) (bool, error) {
			if !g.Current(c) {
				return false, nil
			}
			owner, err := sdk.AccAddressFromBech32(c.Owner)
			record := c.Attestation.RecordId
			list = append(list, given{
				sum: g.sum, of: bound(record, c.Attestation.Version, owner), vector: vectorOf(g.Job, record, g.program), signer: c.Owner,
				status: c.Status, prepared: c.Prepared,
			})
			return err != nil, err
		})
	return list, err
}

// noiseOf is the noise of a seat, which follows from its name, the round and the attempt.
func noiseOf(g game, seat int) (given, error) {
	s := g.Seats[seat]
	sum, _ := g.sum.Noise()
	seed := label.Hash("simulation/noise", []byte(g.Id), []byte(s.Operator), label.Uint64(uint64(g.Round)), label.Uint64(uint64(g.Attempt)))
	vector, err := g.SecureSum("").Ranges.Noise(chacha.NewChaCha8(seed))
	return given{sum: sum, of: terms.NoiseOf(s.Operator), vector: vector, signer: s.Account}, err
}

// AddNoise hands in the noise of a seat. A lie has two commitments in each other's place, which no seat can see before it judges.
func (p Player) AddNoise(ctx context.Context, r *rand.Rand) (*types.MsgAddNoise, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_CONTRIBUTING, func(j types.Job) bool { return !j.HasNoise() })
	if err != nil || !found {
		return nil, err
	}
	without := g.WithoutNoise()
	seat := without[r.Intn(len(without))]
	v, err := noiseOf(g, seat)
	if err != nil {
		return nil, err
	}
	shared, _, err := share(g, v)
	if err != nil {
		return nil, err
	}
	if once(r, p.Odds.Noise) {
		shared.Commitments[0], shared.Commitments[1] = shared.Commitments[1], shared.Commitments[0]
	}
	return &types.MsgAddNoise{Account: g.Seats[seat].Account, JobId: g.Id, Round: g.Round, Shared: *types.SharedVectorOf(shared, g.Attempt)}, nil
}

// prepare is what an honest seat says of a contribution or of noise; nil if it refuses.
func (p Player) prepare(ctx context.Context, g game, seat int, v given) ([]byte, securesum.Prepared, error) {
	shared, err := p.Keeper.Shares.Get(ctx, collections.Join(g.Id, v.of.Record))
	if err != nil {
		return nil, securesum.Prepared{}, err
	}
	key, err := seatKey(g.Id, g.Seats[seat].Operator)
	if err != nil {
		return nil, securesum.Prepared{}, err
	}
	share, prepared, err := v.sum.Prepare(v.of, shared.Proto(), g.VerifyKey, seat, key)
	if errors.Is(err, securesum.ErrRefused) {
		return nil, prepared, nil
	}
	return share, prepared, err
}

// Prepare sends what a seat says of all that it has not judged. A lie is a share that was changed, or one that is withheld.
func (p Player) Prepare(ctx context.Context, r *rand.Rand) (*types.MsgPrepare, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_VERIFYING, nil)
	if err != nil || !found {
		return nil, err
	}
	list, err := p.current(ctx, g)
	if err != nil {
		return nil, err
	}
	var waits []int
	for i := range g.Seats {
		if slices.ContainsFunc(list, func(v given) bool { return v.prepared>>i&1 == 0 }) {
			waits = append(waits, i)
		}
	}
	if len(waits) == 0 {
		return nil, nil
	}
	seat := waits[r.Intn(len(waits))]
	msg := &types.MsgPrepare{Account: g.Seats[seat].Account, JobId: g.Id, Attempt: g.Attempt}
	for _, v := range list {
		if v.prepared>>seat&1 == 1 {
			continue
		}
		share, _, err := p.prepare(ctx, g, seat, v)
		if err != nil {
			return nil, err
		}
		if len(share) > 0 && once(r, p.Odds.Preparation) {
			if r.Intn(2) == 0 {
				share = nil
			} else {
				share[len(share)-1] ^= 1
			}
		}
		msg.Preparations = append(msg.Preparations, types.Preparation{RecordId: v.of.Record, Share: share})
	}
	return msg, nil
}

// Accuse shows the randomness of a seat's share of what was found invalid, of the seat that lied or of another.
func (p Player) Accuse(ctx context.Context, r *rand.Rand) (*types.MsgAccuseSeat, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_CONTESTING, nil)
	if err != nil || !found {
		return nil, err
	}
	list, err := p.current(ctx, g)
	if err != nil {
		return nil, err
	}
	for _, i := range r.Perm(len(list)) {
		v := list[i]
		if v.status != types.CONTRIBUTION_STATUS_INVALID {
			continue
		}
		_, evidence, err := share(g, v)
		if err != nil {
			return nil, err
		}
		seat := r.Intn(len(g.Seats))
		if r.Intn(3) > 0 {
			// As its worker does it: who has said something else than what follows.
			if seat, err = p.liar(ctx, g, v, seat); err != nil {
				return nil, err
			}
		}
		return &types.MsgAccuseSeat{Worker: v.signer, JobId: g.Id, RecordId: v.of.Record, Seat: uint32(seat), Randomness: evidence[seat]}, nil
	}
	return nil, nil
}

// liar finds a seat that was wrong about a contribution or about noise.
func (p Player) liar(ctx context.Context, g game, v given, otherwise int) (int, error) {
	for i := range g.Seats {
		said, err := p.Keeper.Prepared.Get(ctx, collections.Join3(g.Id, v.of.Record, uint64(i)))
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return 0, err
		}
		right, _, err := p.prepare(ctx, g, i, v)
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(said, right) {
			return i, nil
		}
	}
	return otherwise, nil
}

// OpenSum opens the sum of a seat, or another one.
func (p Player) OpenSum(ctx context.Context, r *rand.Rand) (*types.MsgOpenSum, error) {
	g, found, err := p.some(ctx, r, types.JOB_STATUS_AGGREGATING, nil)
	if err != nil || !found {
		return nil, err
	}
	seat, found := seatWith(g, r, func(s types.JobSeat) bool { return s.Status == types.SEAT_STATUS_SEATED })
	if !found {
		return nil, nil
	}
	list, err := p.current(ctx, g)
	if err != nil {
		return nil, err
	}
	sum := g.sum.NewSum()
	for _, v := range list {
		if v.status != types.CONTRIBUTION_STATUS_VALID {
			continue
		}
		_, prepared, err := p.prepare(ctx, g, seat, v)
		if err != nil {
			return nil, err
		}
		message, err := p.Keeper.Messages.Get(ctx, collections.Join(g.Id, v.of.Record))
		if err != nil {
			return nil, err
		}
		if err := sum.Add(prepared, message); err != nil {
			return nil, err
		}
	}
	opening := sum.Opening()
	if once(r, p.Odds.Sum) {
		opening[0] ^= 1
	}
	msg := &types.MsgOpenSum{Account: g.Seats[seat].Account, JobId: g.Id, Attempt: g.Attempt}
	switch {
	case g.Spec.Secure.PublicResult:
		msg.Opened.Sum = opening
	case p.Sealed:
		reader, err := seal.ParsePublicKey(g.Spec.ReaderKey)
		if err != nil {
			return nil, err
		}
		sealed, err := g.sum.SealOpening(reader, seat, opening)
		if err != nil {
			return nil, err
		}
		msg.Opened.Sealed = types.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext}
	default:
		garbage := make([]byte, seal.EncSize+g.sum.SealedOpeningSize())
		r.Read(garbage)
		msg.Opened.Sealed = types.SealedVector{Enc: garbage[:seal.EncSize], Ciphertext: garbage[seal.EncSize:]}
	}
	return msg, nil
}
