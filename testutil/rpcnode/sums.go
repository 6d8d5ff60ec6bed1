package rpcnode

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// NoLiar has all seats seal what they have.
const NoLiar = -1

// FoundPanel has the owners found a panel that answers one question of the program moments about a column, and returns its id. From
// then on the owners and the seats play: a secure sum goes on until its consumer has to act. A seat may be a liar: it seals another
// sum than its own, in the first attempt.
func (n *Network) FoundPanel(t testing.TB, input []byte, liar int) string {
	t.Helper()
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	propose := &metadatatypes.MsgProposePanel{
		Proposer: Consumer.String(), Salt: make([]byte, metadatatypes.SaltSize), PoolId: PoolID, Terms: metadatatypes.PanelTerms{
			Class: metadatatypes.PANEL_CLASS_FIXED, Threshold: uint32(len(Owners)), MinPricePerMop: math.ZeroInt(),
			Questions: []metadatatypes.PanelQuestion{{ProgramId: terms.ProgramID(p.Code), Columns: []string{"speed"}, Length: 3, Input: input}},
		},
	}
	for _, owner := range Owners {
		propose.RecordIds = append(propose.RecordIds, Record(owner))
	}
	slices.Sort(propose.RecordIds)
	id := metadatatypes.PanelID(Consumer.Address(), propose.Salt, PoolID, propose.RecordIds, propose.Terms)
	var proposed [][]byte
	n.Do(func(c *apptest.Chain) { proposed = append(proposed, c.Sign(Consumer, propose)) })
	n.deliver(t, proposed)
	var signed [][]byte
	n.Do(func(c *apptest.Chain) {
		for _, owner := range Owners {
			signed = append(signed, c.Sign(owner, &metadatatypes.MsgSignPanel{Owner: owner.String(), PanelId: id, RecordId: Record(owner)}))
		}
	})
	n.deliver(t, signed)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.players = &players{t: t, liar: liar, done: map[string]bool{}}
	return id
}

func (n *Network) deliver(t testing.TB, txs [][]byte) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, res := range n.block(txs...).TxResults {
		require.Zero(t, res.Code, res.Log)
	}
}

// players are the owners and the seats of jobs.
type players struct {
	t    testing.TB
	liar int
	done map[string]bool
}

// play signs for the next block what the owners and the seats do about the present state.
func (p *players) play(c *apptest.Chain) (txs [][]byte) {
	act := func(job computetypes.Job, who apptest.Account, msg func() sdk.Msg) {
		if key := fmt.Sprint(job.Id, job.Attempt, job.Status, who.Name); !p.done[key] {
			p.done[key] = true
			txs = append(txs, c.Sign(who, msg()))
		}
	}
	require.NoError(p.t, c.App.ComputeKeeper.WalkJobs(c.Ctx(), func(job computetypes.Job) (bool, error) {
		if !job.IsSecure() || !job.Open() {
			return false, nil
		}
		switch job.Status {
		case computetypes.JOB_STATUS_SEATING:
			for _, s := range job.Seats {
				if s.Status != computetypes.SEAT_STATUS_DRAWN {
					continue
				}
				act(job, p.account(s), func() sdk.Msg {
					return &computetypes.MsgTakeSeat{Account: s.Account, JobId: job.Id, Key: p.key(job, s).Public().Bytes()}
				})
			}
		case computetypes.JOB_STATUS_CONTRIBUTING:
			for _, owner := range Owners {
				act(job, WorkerOf(owner), func() sdk.Msg { return p.contribution(c, job, owner) })
			}
		case computetypes.JOB_STATUS_VERIFYING:
			for i, s := range job.Seats {
				act(job, p.account(s), func() sdk.Msg {
					return &computetypes.MsgPrepare{Account: s.Account, JobId: job.Id, Attempt: job.Attempt, Preparations: p.judge(c, job, i, nil)}
				})
			}
		case computetypes.JOB_STATUS_AGGREGATING:
			for i, s := range job.Seats {
				act(job, p.account(s), func() sdk.Msg { return p.opening(c, job, i) })
			}
		}
		return false, nil
	}))
	return txs
}

// account is who signs for a seat: its operator.
func (p *players) account(s computetypes.JobSeat) apptest.Account {
	for i := range 4 {
		a := apptest.NamedAccount(apptest.ValidatorName)
		if i > 0 {
			a = apptest.NamedAccount(fmt.Sprint("operator ", i-1))
		}
		if a.String() == s.Account {
			return a
		}
	}
	p.t.Errorf("account %s: expected one of an operator", s.Account)
	return apptest.Account{}
}

func (p *players) key(job computetypes.Job, s computetypes.JobSeat) seal.PrivateKey {
	seed := sha256.Sum256([]byte(fmt.Sprint(job.Id, s.Operator)))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(p.t, err)
	return key
}

func (p *players) protocol(c *apptest.Chain, job computetypes.Job) (securesum.Protocol, computetypes.Program) {
	program, err := c.App.ComputeKeeper.Program(c.Ctx(), job.Spec.ProgramId)
	require.NoError(p.t, err)
	protocol, err := computetypes.ProtocolOf(apptest.ChainID, job, program)
	require.NoError(p.t, err)
	return protocol, program
}

func bound(owner apptest.Account) securesum.Contribution {
	return securesum.Contribution{Record: Record(owner), Version: "1.0.0", Owner: owner.Address()}
}

// contribution is about rows that are all 0.7.
func (p *players) contribution(c *apptest.Chain, job computetypes.Job, owner apptest.Account) *computetypes.MsgContribute {
	protocol, program := p.protocol(c, job)
	var keys []seal.PublicKey
	for _, s := range job.Seats {
		keys = append(keys, p.key(job, s).Public())
	}
	record, err := c.App.MetadataKeeper.Contributable(c.Ctx(), Record(owner))
	require.NoError(p.t, err)
	secret := label.Hash("test/players", []byte(owner.Name))
	shared, _, err := protocol.Share(bound(owner), keys, []uint64{record.Rows, 7 * record.Rows, 49 * record.Rows}, secret[:])
	require.NoError(p.t, err)
	operations, err := program.Cost.Operations(record.Rows, 1, job.Spec.Length)
	require.NoError(p.t, err)
	hash := securesum.Hash(shared)
	return &computetypes.MsgContribute{Worker: WorkerOf(owner).String(), Attestation: computetypes.Attestation{
		JobId: job.Id, RecordId: Record(owner), Version: "1.0.0", RowRoot: record.RowRoot, Rows: record.Rows,
		Operations: operations, ResultCommitment: hash[:], Round: job.Round,
	}, Shared: computetypes.SharedVectorOf(shared, job.Attempt)}
}

// judge is what a seat says of all contributions. It adds them to a sum once all seats have judged.
func (p *players) judge(c *apptest.Chain, job computetypes.Job, seat int, sum *securesum.Sum) (all []computetypes.Preparation) {
	protocol, _ := p.protocol(c, job)
	query := computetypes.NewQueryClient(c.Conn())
	for _, owner := range Owners {
		shares, err := query.Shares(c.Ctx(), &computetypes.QuerySharesRequest{JobId: job.Id, RecordId: Record(owner)})
		require.NoError(p.t, err)
		share, prepared, err := protocol.Prepare(bound(owner), shares.Shared.Proto(), job.VerifyKey, seat, p.key(job, job.Seats[seat]))
		require.NoError(p.t, err)
		all = append(all, computetypes.Preparation{RecordId: Record(owner), Share: share})
		if sum != nil {
			said, err := query.Preparations(c.Ctx(), &computetypes.QueryPreparationsRequest{JobId: job.Id, RecordId: Record(owner)})
			require.NoError(p.t, err)
			require.NoError(p.t, sum.Add(prepared, said.Message))
		}
	}
	return all
}

// opening is a seat's sum, sealed to the reader.
func (p *players) opening(c *apptest.Chain, job computetypes.Job, seat int) *computetypes.MsgOpenSum {
	protocol, _ := p.protocol(c, job)
	sum := protocol.NewSum()
	p.judge(c, job, seat, sum)
	opening := sum.Opening()
	if seat == p.liar && job.Attempt == 1 {
		opening[0] ^= 1
	}
	reader, err := seal.ParsePublicKey(job.Spec.ReaderKey)
	require.NoError(p.t, err)
	sealed, err := protocol.SealOpening(reader, seat, opening)
	require.NoError(p.t, err)
	return &computetypes.MsgOpenSum{Account: job.Seats[seat].Account, JobId: job.Id, Attempt: job.Attempt, Opened: computetypes.OpenedSum{
		Sealed: computetypes.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext},
	}}
}
