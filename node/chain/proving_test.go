package chain_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"cosmossdk.io/math"

	headersv1 "github.com/alita-network/alita/api/headers/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/light/lighttest"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/terms"
)

// proved is a chain with one job, its node, and a client that asks with proofs.
type proved struct {
	chain  *lighttest.Chain
	node   *nodetest.Node
	now    atomic.Pointer[time.Time]
	client *chain.Proving
	state  nodetest.State
	job    chain.Job
	owner  string
	record string
}

func newProved(t testing.TB) *proved {
	p := &proved{owner: nodetest.Address(t), record: "000102030405060708090a0b0c0d0e0f"}
	start := time.Now().Add(-time.Minute)
	p.now.Store(&start)
	p.chain = lighttest.New(nodetest.Chain, 4, 0, 5, start)
	p.node = nodetest.NewNode(t, p.chain, map[string][]byte{"p": []byte("code")})
	p.state = nodetest.NewState(t, 1234)
	p.job = chain.Job{
		Id: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", Consumer: nodetest.Address(t), Status: chain.JobContesting, DeadlineHeight: 99, Round: 2, Attempt: 3,
		DataPerAlita: math.NewInt(7), Reserved: terms.NewFunds(1, 2), VerifyKey: []byte("verify"), Contributions: 1, Valid: 1, MicroRho: 5, Vdaf: securesum.Draft, OpenedAttempts: 6,
		Spec: chain.JobSpec{
			PoolId: 7, ProgramId: "p", Columns: []string{"x"}, Length: 3, Input: []byte("input"), Purpose: "science", MinCohort: 2, MaxCohort: 9,
			PricePerMop: math.NewInt(11), Budget: terms.NewFunds(3, 4), ReaderKey: []byte("reader"), Delivery: chain.DeliverySecureSum,
			Secure: &chain.SecureSum{Seats: 2, Rounds: 4, Bits: 9},
		},
		Seats: []chain.JobSeat{
			{Operator: "a", Account: "seat a", Status: chain.SeatSeated, Key: []byte("key a"), Fee: math.NewInt(1)},
			{Operator: "b", Account: "seat b", Status: chain.SeatSeated, Key: []byte("key b"), Fee: math.NewInt(2)},
		},
	}
	p.state.PutJob(p.job)
	p.state.PutRecord(chain.Record{Id: p.record, Owner: p.owner, PoolId: 7, Status: chain.RecordActive, Admitted: 2, ModifiedAt: start.UTC()},
		chain.Version{Status: chain.VersionAdmitted, Content: chain.VersionContent{Version: "1.2.0", Columns: []string{"x"}}})
	p.state.PutGrant(p.record, chain.Grant{Id: 4, Terms: terms.GrantTerms{AnyProgram: true, MinPricePerMop: math.NewInt(1)}})
	p.state.PutWorker(p.owner, chain.Worker{Owner: p.owner, PublicKey: []byte("public")})
	p.grow()
	p.grow()
	client, err := chain.Dial(p.node.Address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	p.client, err = chain.NewProving(light.Config{
		ChainID: nodetest.Chain, Root: p.chain.Root(5), Rules: light.DefaultRules, Now: func() time.Time { return *p.now.Load() },
	}, client)
	require.NoError(t, err)
	return p
}

// grow adds a block with the state.
func (p *proved) grow() {
	next := p.now.Load().Add(time.Second)
	p.now.Store(&next)
	p.chain.Add(next, p.state.Clone())
	p.node.Show(p.state.Clone())
}

func (p *proved) status(t *testing.T) chain.Status {
	t.Helper()
	s, err := p.client.Status(t.Context())
	require.NoError(t, err)
	return s
}

func TestProvedAnswers(t *testing.T) {
	p := newProved(t)
	ctx := t.Context()
	_, err := p.client.Job(ctx, p.job.Id)
	require.ErrorIs(t, err, chain.ErrNoStatus)
	id, err := p.client.ChainID(ctx)
	require.NoError(t, err)
	require.Equal(t, nodetest.Chain, id)
	require.Equal(t, p.chain.Height()-1, p.status(t).Height)

	job, err := p.client.Job(ctx, p.job.Id)
	require.NoError(t, err)
	require.Equal(t, p.job, job)
	_, err = p.client.Job(ctx, "another")
	require.ErrorIs(t, err, chain.ErrNotFound)
	listed := p.job
	listed.Seats = append([]chain.JobSeat(nil), p.job.Seats...)
	for i := range listed.Seats {
		listed.Seats[i].Key = nil
	}
	for range 2 {
		jobs, err := p.client.JobsByPool(ctx, 7, chain.JobContesting)
		require.NoError(t, err)
		require.Equal(t, []chain.Job{listed}, jobs)
		jobs, err = p.client.JobsBySeat(ctx, "seat b")
		require.NoError(t, err)
		require.Equal(t, []chain.Job{listed}, jobs)
	}
	size, err := p.client.MaxContributionBytes(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1234, size)
	w, err := p.client.Worker(ctx, p.owner)
	require.NoError(t, err)
	require.Equal(t, p.owner, w.Owner)
	_, err = p.client.Worker(ctx, nodetest.Address(t))
	require.ErrorIs(t, err, chain.ErrNotFound)
	records, err := p.client.RecordsByOwner(ctx, p.owner)
	require.NoError(t, err)
	require.Len(t, records, 1)
	record, version, err := p.client.AdmittedVersion(ctx, p.record)
	require.NoError(t, err)
	require.Equal(t, records[0], record)
	require.Equal(t, "1.2.0", version.Content.Version)
	grants, err := p.client.Grants(ctx, p.record)
	require.NoError(t, err)
	require.Len(t, grants, 1)
	require.EqualValues(t, 4, grants[0].Id)
	_, err = p.client.Contribution(ctx, p.job.Id, p.record)
	require.ErrorIs(t, err, chain.ErrNotFound)
	_, err = p.client.Program(ctx, "p")
	require.ErrorIs(t, err, chain.ErrNotFound)
}

// A panel is what its id is the hash of, and where it stands is proved.
func TestProvedPanels(t *testing.T) {
	p := newProved(t)
	other := nodetest.Address(t)
	proposer, err := chain.ParseAddress(other)
	require.NoError(t, err)
	panel := chain.Panel{
		Proposer: other, Salt: []byte("salt"), PoolId: 7, Status: chain.PanelActive, Edition: 3, OpenedSlots: 1, MaxSlots: 9, Jobs: 1, Signed: 2, MemberCount: 2,
		Terms: terms.PanelTerms{
			Class: terms.PanelFixed, Threshold: 2, MinPricePerMop: math.NewInt(5), Purposes: []string{"science"},
			Questions: []terms.PanelQuestion{{ProgramID: "p", Columns: []string{"x"}, Length: 3, Input: []byte{1}, Ranges: []terms.PanelRange{{Count: 3, High: 1}}}},
		},
		Members: []chain.PanelMember{
			{Record: p.record, Owner: p.owner, Signed: true, Version: 1, Staged: 2, Rows: 4, Columns: 5}, {Record: "ff", Owner: other, Signed: true, Version: 6},
		},
	}
	panel.Id = terms.PanelID(proposer, panel.Salt, 7, []string{p.record, "ff"}, panel.Terms)
	p.state.PutPanel(panel)
	old := chain.Version{Status: chain.VersionSuperseded, Content: chain.VersionContent{Version: "1.0.0", Columns: []string{"x"}}}
	p.state.PutVersion(p.record, 1, old)
	p.grow()
	p.grow()
	p.status(t)
	for name, client := range map[string]chain.State{"proved": p.client, "believed": p.client.Client} {
		got, err := client.Panel(t.Context(), panel.Id)
		require.NoError(t, err, name)
		require.Equal(t, panel, got, name)
		all, err := client.PanelsByPool(t.Context(), 7)
		require.NoError(t, err, name)
		require.Equal(t, []chain.Panel{panel}, all, name)
		m, err := client.Membership(t.Context(), panel.Id, p.record)
		require.NoError(t, err, name)
		without := panel
		without.Members = nil
		require.Equal(t, chain.Membership{Panel: without, Member: panel.Members[0], Version: old}, m, name)
		_, err = client.Membership(t.Context(), panel.Id, "00")
		require.ErrorIs(t, err, chain.ErrNotFound, name)
		_, err = client.Panel(t.Context(), "00")
		require.ErrorIs(t, err, chain.ErrNotFound, name)
	}

	// A node that shows other terms, or leaves a member out, is found out.
	p.node.Alter(func(method string, _, res proto.Message) error {
		if r, ok := res.(*metadatav1.QueryPanelResponse); ok && method == "Panel" {
			r.Panel.Members = r.Panel.Members[:1]
		}
		return nil
	})
	_, err = p.client.Panel(t.Context(), panel.Id)
	require.ErrorContains(t, err, "ask another node")
	p.node.Alter(nil)

	// Signatures and contents are the state's, not the node's.
	said := panel
	said.Members = append([]chain.PanelMember(nil), panel.Members...)
	said.Members[1].Version = 99
	before := p.state.Clone()
	p.state.PutPanel(said)
	p.node.Show(p.state.Clone())
	p.state.State = before
	got, err := p.client.Panel(t.Context(), panel.Id)
	require.NoError(t, err)
	require.Equal(t, panel, got)
}

// Between two calls of Status all answers are of one height.
func TestOneHeight(t *testing.T) {
	p := newProved(t)
	p.status(t)
	p.job.Attempt = 4
	p.state.PutJob(p.job)
	p.grow()
	p.grow()
	job, err := p.client.Job(t.Context(), p.job.Id)
	require.NoError(t, err)
	require.EqualValues(t, 3, job.Attempt)
	p.status(t)
	job, err = p.client.Job(t.Context(), p.job.Id)
	require.NoError(t, err)
	require.EqualValues(t, 4, job.Attempt)
}

// What a node says of an entry of a list before the state shows it is not what the entry stays.
func TestListsFollowTheState(t *testing.T) {
	p := newProved(t)
	p.status(t)
	p.job.Status = chain.JobContributing
	p.state.PutJob(p.job)
	p.node.Show(p.state.Clone()) // the node is ahead of the snapshot
	jobs, err := p.client.JobsByPool(t.Context(), 7, chain.JobContributing)
	require.NoError(t, err)
	require.Empty(t, jobs)
	p.grow()
	p.grow()
	p.status(t)
	jobs, err = p.client.JobsByPool(t.Context(), 7, chain.JobContributing)
	require.NoError(t, err)
	require.Len(t, jobs, 1)
}

// A preparation share that the chain does not prove is an error, and never a refusal.
func TestProvedPreparations(t *testing.T) {
	p := newProved(t)
	c := chain.Contribution{Record: p.record, Owner: p.owner, Status: chain.ContributionInvalid, Round: 2, Attempt: 3, Fee: terms.NewFunds(1, 1)}
	for name, tc := range map[string]struct {
		prepared, refused uint32
		said              [][]byte
		want              [][]byte
		err               string
	}{
		"both":          {3, 0, [][]byte{[]byte("a"), []byte("b")}, [][]byte{[]byte("a"), []byte("b")}, ""},
		"one refused":   {3, 2, [][]byte{[]byte("a"), nil}, [][]byte{[]byte("a"), nil}, ""},
		"one is silent": {1, 0, [][]byte{[]byte("a"), nil}, nil, "seat 1: expected its preparation share"},
		"one is hidden": {3, 0, [][]byte{[]byte("a"), nil}, nil, "wrong proof"},
	} {
		t.Run(name, func(t *testing.T) {
			c.Prepared, c.Refused = tc.prepared, tc.refused
			for i := range 2 {
				delete(p.state.State[keys.Compute], string(keys.Prepared(p.job.Id, p.record, uint64(i))))
			}
			p.state.PutContribution(p.job.Id, c, chain.Preparations{Shares: tc.said})
			p.grow()
			p.grow()
			p.status(t)
			got, err := p.client.Preparations(t.Context(), p.job.Id, p.record)
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				require.NotErrorIs(t, err, chain.ErrNotFound)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, got.Shares)
		})
	}
	c.Status = chain.ContributionValid
	p.state.PutContribution(p.job.Id, c, chain.Preparations{Message: []byte("message")})
	p.grow()
	p.grow()
	p.status(t)
	got, err := p.client.Preparations(t.Context(), p.job.Id, p.record)
	require.NoError(t, err)
	require.Equal(t, []byte("message"), got.Message)
}

// TestAttackRenamedContribution: what a chain stores under the name of another record is no contribution of it, and an operator is no record: a
// vector that is listed under several names is added once.
func TestAttackRenamedContribution(t *testing.T) {
	p := newProved(t)
	c := chain.Contribution{Record: p.record, Owner: p.owner, Status: chain.ContributionValid, Round: 2, Attempt: 3, Fee: terms.NewFunds(1, 1)}
	p.state.PutContribution(p.job.Id, c, chain.Preparations{})
	other := "ff0102030405060708090a0b0c0d0e0f"
	stored := p.state.State[keys.Compute][string(keys.Contribution(p.job.Id, p.record))]
	p.state.Set(keys.Compute, keys.Contribution(p.job.Id, other), stored)
	p.grow()
	p.grow()
	p.status(t)
	_, err := p.client.Contribution(t.Context(), p.job.Id, p.record)
	require.NoError(t, err)
	_, err = p.client.Contribution(t.Context(), p.job.Id, other)
	require.ErrorIs(t, err, light.ErrProof)
	require.ErrorContains(t, err, "expected that record")
}

// A chain whose stores have another layout, or whose stake is free too soon, is refused.
func TestUnknownLayout(t *testing.T) {
	for name, tc := range map[string]struct {
		store string
		key   []byte
		value []byte
		err   error
	}{
		"version":   {keys.Upgrade, keys.ModuleVersion(keys.Compute), []byte{0, 0, 0, 0, 0, 0, 0, 99}, keys.ErrLayout},
		"unbonding": {keys.Staking, keys.StakingParams(), []byte{0x0a, 0x04, 0x08, 0x80, 0xea, 0x49}, light.ErrExpired}, // 14 days
	} {
		t.Run(name, func(t *testing.T) {
			p := newProved(t)
			p.state.Set(tc.store, tc.key, tc.value)
			p.grow()
			p.grow()
			p.status(t)
			_, err := p.client.Job(t.Context(), p.job.Id)
			require.ErrorIs(t, err, tc.err)
			_, err = p.client.RecordsByOwner(t.Context(), p.owner)
			require.ErrorIs(t, err, tc.err)
		})
	}
}

// A snapshot that has become old proves nothing any more.
func TestStaleSnapshot(t *testing.T) {
	p := newProved(t)
	p.status(t)
	later := p.now.Load().Add(2 * time.Minute)
	p.now.Store(&later)
	_, err := p.client.Job(t.Context(), p.job.Id)
	require.ErrorIs(t, err, light.ErrStale)
	_, err = p.client.Status(t.Context())
	require.ErrorIs(t, err, light.ErrStale)
}

func TestFindRoot(t *testing.T) {
	p := newProved(t)
	fork := nodetest.NewNode(t, p.chain.Fork(5), nil)
	same := nodetest.NewNode(t, p.chain, nil)
	root, agreed, err := chain.FindRoot(t.Context(), nodetest.Chain, 6, p.node.Address, same.Address)
	require.NoError(t, err)
	require.Equal(t, p.chain.Root(6), root)
	require.Equal(t, 1, agreed)
	_, _, err = chain.FindRoot(t.Context(), nodetest.Chain, 6, p.node.Address, fork.Address)
	require.ErrorIs(t, err, light.ErrConflict)
	same.Alter(func(_ string, _, res proto.Message) error {
		res.(*headersv1.QueryBlockResponse).Block = []byte("x")
		return nil
	})
	_, _, err = chain.FindRoot(t.Context(), nodetest.Chain, 6, p.node.Address, same.Address)
	require.ErrorIs(t, err, light.ErrMalformed)
}

func TestTrust(t *testing.T) {
	root := newProved(t).chain.Root(5)
	for _, want := range []chain.Trust{{Node: true}, {Root: root}} {
		require.NoError(t, want.Check())
	}
	require.ErrorIs(t, chain.Trust{}.Check(), chain.ErrTrust)
	require.ErrorIs(t, chain.Trust{Node: true, Root: root}.Check(), chain.ErrTrust)
	got, err := chain.ParseTrust(root.String())
	require.NoError(t, err)
	require.Equal(t, chain.Trust{Root: root}, got)
	_, err = chain.ParseTrust("nobody")
	require.ErrorIs(t, err, chain.ErrTrust)
}

// BenchmarkProved measures over loopback: a question and its proof, a whole job of two seats (six questions), and a new header.
func BenchmarkProved(b *testing.B) {
	p := newProved(b)
	_, err := p.client.Status(b.Context())
	require.NoError(b, err)
	b.Run("question", func(b *testing.B) {
		for b.Loop() {
			_, err := p.client.MaxContributionBytes(b.Context())
			require.NoError(b, err)
		}
	})
	b.Run("job", func(b *testing.B) {
		for b.Loop() {
			_, err := p.client.Job(b.Context(), p.job.Id)
			require.NoError(b, err)
		}
	})
	b.Run("header", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			p.grow()
			b.StartTimer()
			_, err := p.client.Status(b.Context())
			require.NoError(b, err)
		}
	})
}

// A worker without work looks at the chain at least once an hour (package follow), however long its poll is. So its trust never ends,
// over restarts too, and without any it ends after two weeks.
func TestIdleTrust(t *testing.T) {
	p := newProved(t)
	folder := t.TempDir()
	connect := func() *chain.Proving {
		c, err := chain.Dial(p.node.Address)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, c.Close()) })
		proving, err := chain.NewProving(light.Config{
			ChainID: nodetest.Chain, Root: p.chain.Root(5), Rules: light.DefaultRules, Now: func() time.Time { return *p.now.Load() }, Store: light.NewStore(folder),
		}, c)
		require.NoError(t, err)
		return proving
	}
	later := func(d time.Duration) {
		next := p.now.Load().Add(d)
		p.now.Store(&next)
		p.grow()
	}
	idle := connect()
	for range 40 * 24 {
		later(time.Hour)
		_, err := idle.Status(t.Context())
		require.NoError(t, err)
	}
	idle = connect()
	_, err := idle.Status(t.Context())
	require.NoError(t, err, "the root is 40 days old, the header on the disk is not")
	later(15 * 24 * time.Hour)
	_, err = connect().Status(t.Context())
	require.ErrorIs(t, err, light.ErrExpired)
}
