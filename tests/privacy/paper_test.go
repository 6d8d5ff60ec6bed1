package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

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

// Which sums are opened does not depend on what is in them. So the attacks on exact sums are played with owners on paper: they follow the chain's
// rules, and have vectors of which each slot holds a secret bit of its own, its lowest one. Shares, proofs, seats and chain are the real ones.

const (
	// slots is the length of the vectors, and the number of secret bits in each.
	slots = 64
	// paperRows is how many rows the records commit to; a tenth of their cells may be opened.
	paperRows = 10_000
	first     = "1.0.0"
	// batch is the number of the program that takes batches; the others take rows.
	batch = 2
)

// paper is an owner on paper.
type paper struct {
	apptest.Account
	record  string
	version string
	// silent owners take part in nothing.
	silent bool
}

// content names what an owner's rows are in a version.
func (p *paper) content() string { return p.Name + " " + p.version }

// market is a world of owners on paper.
type market struct {
	*exchange
	seed     uint64
	owners   map[string]*paper // by name
	programs []string
	vectors  map[string][]uint64 // by content
	rows     map[string]uint64   // that an owner commits to, paperRows if it is not named
	salts    uint64
	// ownerUnit has panels keep sums with noise whole, too.
	ownerUnit bool
}

// sum is an exact sum that the adversary has read, and of which contents it is.
type sum struct {
	contents []string
	slots    []int64
}

func newMarket(x *exchange, seed uint64) *market {
	m := &market{exchange: x, seed: seed, owners: map[string]*paper{}, vectors: map[string][]uint64{}, rows: map[string]uint64{}}
	for _, name := range []string{"histogram_row", "quantiles_row", "histogram"} {
		p, err := programs.ByName(name)
		require.NoError(m.t, err)
		m.programs = append(m.programs, p.Hash)
		m.Must(maker, &computetypes.MsgStoreProgram{
			Author: maker.String(), Code: p.Code, Name: p.Name, Kind: computetypes.VECTOR_KIND_SUM, Bits: 63,
			Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 2, MaxLength: slots}, Cost: computetypes.CostModelOf(p.Cost),
		})
	}
	return m
}

// vector is what a content gives to whatever is asked.
func (m *market) vector(content string) []uint64 {
	v, ok := m.vectors[content]
	if !ok {
		random := rand.New(rand.NewChaCha8(label.Hash("alita/privacy/vector", label.Uint64(m.seed), []byte(content))))
		for range slots {
			v = append(v, random.Uint64N(1<<16))
		}
		m.vectors[content] = v
	}
	return v
}

func (m *market) content(p *paper) metadatatypes.VersionContent {
	rows, ok := m.rows[p.Name]
	if !ok {
		rows = paperRows
	}
	root := label.Hash("alita/privacy/root", []byte(p.content()))
	sealed, err := seal.Seal(seal.RecordLabel(apptest.ChainID, p.record, p.Address()), []byte("a location"), []seal.PublicKey{keyOf(m.t, p.Name).Public()})
	require.NoError(m.t, err)
	return metadatatypes.VersionContent{
		Version: p.version, Dataset: dataset(p.Name, []string{"x", "y"}, 10*rows, root[:]),
		Commitment: metadatatypes.RowCommitment{Rows: rows, Root: root[:]}, Location: metadatatypes.NewSealedLocation(sealed),
	}
}

// list lists owners with one record each, who grant sums with noise.
func (m *market) list(names ...string) []*paper {
	m.t.Helper()
	var all []*paper
	for _, name := range names {
		p := &paper{Account: apptest.NamedAccount(name), version: first}
		p.record = metadatatypes.RecordID(p.Address(), salt(1))
		m.owners[name] = p
		all = append(all, p)
	}
	m.each(len(all), func(i int) (apptest.Account, sdk.Msg) {
		return all[i].Account, &metadatatypes.MsgRegisterWorker{
			Owner: all[i].String(), Worker: apptest.NamedAccount(all[i].Name + "'s worker").String(), Name: "device", PublicKey: keyOf(m.t, all[i].Name).Public().Bytes(),
		}
	})
	m.each(len(all), func(i int) (apptest.Account, sdk.Msg) {
		return all[i].Account, &metadatatypes.MsgRegisterRecord{Owner: all[i].String(), Salt: salt(1), PoolId: poolID, Content: m.content(all[i])}
	})
	m.each(len(all), func(i int) (apptest.Account, sdk.Msg) { return maker, admit(all[i].record, first) })
	m.each(len(all), func(i int) (apptest.Account, sdk.Msg) {
		return all[i].Account, &metadatatypes.MsgGrant{Owner: all[i].String(), RecordId: all[i].record, Terms: metadatatypes.GrantTerms{
			Programs: m.programs, MinCohort: 2, MinPricePerMop: math.ZeroInt(),
		}}
	})
	m.each(len(all), func(i int) (apptest.Account, sdk.Msg) {
		return all[i].Account, &metadatatypes.MsgSetPrivacyBudget{Owner: all[i].String(), RecordId: all[i].record, Budget: 1_000_000}
	})
	return all
}

// try delivers a message that may be refused, and reports whether it was taken.
func (m *market) try(signer apptest.Account, msg sdk.Msg) bool {
	m.t.Helper()
	return m.Deliver(signer, msg).Code == 0
}

// found proposes a panel with a threshold of 3 and has its members sign, and returns its id, or nothing if it was refused. Without questions it
// answers those of the programs.
func (m *market) found(members []*paper, questions ...metadatatypes.PanelQuestion) string {
	m.t.Helper()
	agreed := metadatatypes.PanelTerms{
		Class: metadatatypes.PANEL_CLASS_FIXED, Threshold: 3, MinPricePerMop: math.ZeroInt(), Questions: questions, OwnerUnit: m.ownerUnit,
	}
	if len(questions) == 0 {
		agreed.Class, agreed.Programs = metadatatypes.PANEL_CLASS_NAMED, slices.Sorted(slices.Values(m.programs[:batch]))
	}
	var records []string
	for _, p := range members {
		records = append(records, p.record)
	}
	slices.Sort(records)
	m.salts++
	msg := &metadatatypes.MsgProposePanel{Proposer: adversary.String(), Salt: salt(m.salts), PoolId: poolID, RecordIds: records, Terms: agreed}
	if !m.try(adversary, msg) {
		return ""
	}
	id := metadatatypes.PanelID(adversary.Address(), msg.Salt, poolID, records, agreed)
	for _, p := range members {
		if !m.try(p.Account, &metadatatypes.MsgSignPanel{Owner: p.String(), PanelId: id, RecordId: p.record}) {
			return ""
		}
	}
	return id
}

// renew brings new rows of a member, and stages them if it is in a panel.
func (m *market) renew(p *paper, version string) bool {
	m.t.Helper()
	p.version = version
	m.Must(p.Account, &metadatatypes.MsgAddVersion{Owner: p.String(), RecordId: p.record, Content: m.content(p)})
	m.Must(maker, admit(p.record, version))
	return m.try(p.Account, &metadatatypes.MsgStageContent{Owner: p.String(), RecordId: p.record, Version: version})
}

// paperRanges are the ranges of what owners on paper give to each question, with noise or without.
func paperRanges(noised bool) terms.Ranges {
	r := terms.Ranges{{Count: 1, High: 1}, {Count: slots - 1, High: 7}}
	if noised {
		r[0].Variance, r[1].Variance = 20_000, 400
	}
	return r
}

// question is what is asked of owners on paper: every question gives the same vector, which is best for the adversary.
func (m *market) question(program int, input string, columns ...string) computetypes.JobSpec {
	secure := computetypes.SecureSum{PublicResult: true}
	if program != batch {
		secure = m.secure(false)
	}
	spec := m.spec(m.programs[program], columns, slots, []byte(input), secure)
	spec.ContributeBlocks = 30
	return spec
}

// hidden asks with noise that hides a row.
func (m *market) hidden() computetypes.JobSpec {
	spec := m.spec(m.programs[0], []string{"x"}, slots, []byte("q"), m.secure(true))
	spec.ContributeBlocks = 30
	return spec
}

func (m *market) secure(noised bool) computetypes.SecureSum {
	m.t.Helper()
	ranges := paperRanges(noised)
	bits, err := ranges.Bits(paperRows)
	require.NoError(m.t, err)
	s := computetypes.SecureSum{Bits: bits, PublicResult: true, Ranges: computetypes.RangesOf(ranges)}
	if noised {
		s.MicroRho = microRho
	}
	return s
}

// signed is a question as the members of a panel sign it.
func signed(spec computetypes.JobSpec) metadatatypes.PanelQuestion {
	q := metadatatypes.PanelQuestion{ProgramId: spec.ProgramId, Columns: spec.Columns, Length: spec.Length, Input: spec.Input}
	for _, r := range spec.Secure.Ranges {
		q.Ranges = append(q.Ranges, metadatatypes.PanelRange{Count: r.Count, Low: r.Low, High: r.High})
	}
	return q
}

// read asks for a sum over panels, or over owners in none, of whom some are asked to take part. Nothing is returned if it is refused or fails.
func (m *market) read(spec computetypes.JobSpec, panel string, of ...*paper) (s sum, ok bool) {
	m.t.Helper()
	if panel != "" {
		spec.Panels, spec.MinCohort, spec.MaxCohort = []string{panel}, uint32(len(of)), uint32(len(of))
	} else {
		spec.MinCohort, spec.MaxCohort = 2, uint32(len(of))
	}
	id, err := m.ask(spec)
	if err != nil {
		return sum{}, false
	}
	m.seated(id)
	job := m.job(id)
	var in []*paper
	for _, p := range of {
		if !p.silent && m.try(p.Account, m.contribution(job, p)) {
			in = append(in, p)
			s.contents = append(s.contents, m.contentIn(job, p))
		}
	}
	for m.job(id).Status == computetypes.JOB_STATUS_CONTRIBUTING {
		m.block()
	}
	if m.job(id).Status != computetypes.JOB_STATUS_VERIFYING {
		require.Equal(m.t, computetypes.JOB_STATUS_FAILED, m.job(id).Status)
		return sum{}, false
	}
	s.slots, ok = m.open(m.job(id), in)
	return s, ok
}

// contentIn is the content of an owner that a job is about.
func (m *market) contentIn(job computetypes.Job, p *paper) string {
	m.t.Helper()
	c, err := m.contributable(job, p)
	require.NoError(m.t, err)
	return p.Name + " " + c.Version
}

func (m *market) contributable(job computetypes.Job, p *paper) (metadatatypes.Contributable, error) {
	if len(job.Spec.Panels) > 0 {
		return m.App.MetadataKeeper.PanelContributable(m.Ctx(), job.Spec.Panels, p.record)
	}
	return m.App.MetadataKeeper.Contributable(m.Ctx(), p.record)
}

func (m *market) bound(p *paper, version string) securesum.Contribution {
	return securesum.Contribution{Record: p.record, Version: version, Owner: p.Address()}
}

// contribution is an owner's message.
func (m *market) contribution(job computetypes.Job, p *paper) *computetypes.MsgContribute {
	m.t.Helper()
	c, err := m.contributable(job, p)
	require.NoError(m.t, err)
	var keys []seal.PublicKey
	for _, s := range job.Seats {
		keys = append(keys, m.seatKey(job.Id, s).Public())
	}
	secret := label.Hash("alita/privacy/secret", []byte(p.content()), []byte(job.Id))
	shared, _, err := m.protocol(job).Share(m.bound(p, c.Version), keys, m.vector(p.Name+" "+c.Version), secret[:])
	require.NoError(m.t, err)
	program, err := m.App.ComputeKeeper.Program(m.Ctx(), job.Spec.ProgramId)
	require.NoError(m.t, err)
	operations, err := program.Cost.Operations(c.Rows, uint32(len(job.Spec.Columns)), job.Spec.Length)
	require.NoError(m.t, err)
	hash := securesum.Hash(shared)
	return &computetypes.MsgContribute{Worker: p.String(), Attestation: computetypes.Attestation{
		JobId: job.Id, RecordId: p.record, Version: c.Version, RowRoot: c.RowRoot, Rows: c.Rows, Operations: operations,
		ResultCommitment: hash[:], Round: job.Round,
	}, Shared: computetypes.SharedVectorOf(shared, job.Attempt)}
}

// open has the seats judge and open a sum, and reads it.
func (m *market) open(job computetypes.Job, in []*paper) ([]int64, bool) {
	m.t.Helper()
	p, queries := m.protocol(job), m.queries()
	noise, _ := p.Noise()
	prepared, ofNoise := make([][]securesum.Prepared, len(job.Seats)), make([][]securesum.Prepared, len(job.Seats))
	for n, s := range job.Seats {
		msg := &computetypes.MsgPrepare{Account: s.Account, JobId: job.Id, Attempt: job.Attempt}
		for _, o := range in {
			res, err := queries.Shares(m.Ctx(), &computetypes.QuerySharesRequest{JobId: job.Id, RecordId: o.record})
			require.NoError(m.t, err)
			c, err := m.contributable(job, o)
			require.NoError(m.t, err)
			share, mine, err := p.Prepare(m.bound(o, c.Version), res.Shared.Proto(), job.VerifyKey, n, m.seatKey(job.Id, s))
			require.NoError(m.t, err)
			prepared[n] = append(prepared[n], mine)
			msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: o.record, Share: share})
		}
		for _, other := range job.Seats {
			if other.Noise == nil {
				continue
			}
			res, err := queries.Shares(m.Ctx(), &computetypes.QuerySharesRequest{JobId: job.Id, RecordId: other.Operator})
			require.NoError(m.t, err)
			share, mine, err := noise.Prepare(terms.NoiseOf(other.Operator), res.Shared.Proto(), job.VerifyKey, n, m.seatKey(job.Id, s))
			require.NoError(m.t, err)
			ofNoise[n] = append(ofNoise[n], mine)
			msg.Preparations = append(msg.Preparations, computetypes.Preparation{RecordId: other.Operator, Share: share})
		}
		m.Must(m.seats[s.Account], msg)
	}
	if m.job(job.Id).Status != computetypes.JOB_STATUS_AGGREGATING {
		return nil, false
	}
	for n, s := range job.Seats {
		total := p.NewSum()
		for i, o := range in {
			res, err := queries.Preparations(m.Ctx(), &computetypes.QueryPreparationsRequest{JobId: job.Id, RecordId: o.record})
			require.NoError(m.t, err)
			require.NoError(m.t, total.Add(prepared[n][i], res.Message))
		}
		for i, mine := range ofNoise[n] {
			res, err := queries.Preparations(m.Ctx(), &computetypes.QueryPreparationsRequest{JobId: job.Id, RecordId: job.Seats[i].Operator})
			require.NoError(m.t, err)
			require.NoError(m.t, total.Add(mine, res.Message))
		}
		m.Must(m.seats[s.Account], &computetypes.MsgOpenSum{Account: s.Account, JobId: job.Id, Attempt: job.Attempt, Opened: computetypes.OpenedSum{Sum: total.Opening()}})
	}
	m.block()
	res, err := queries.Sums(m.Ctx(), &computetypes.QuerySumsRequest{JobId: job.Id})
	require.NoError(m.t, err)
	var shares [][]byte
	for n, s := range res.Sums.Sums {
		share, err := p.VerifyOpening(res.Sums.Commitments[n], uint64(res.Sums.Valid), s.Sum)
		require.NoError(m.t, err)
		shares = append(shares, share)
	}
	vector, err := p.Unshard(shares, uint64(res.Sums.Valid))
	require.NoError(m.t, err)
	vector, err = job.SecureSum("").Reveal(vector, res.Sums.Rows)
	require.NoError(m.t, err)
	var out []int64
	for _, v := range vector {
		out = append(out, v.Int64())
	}
	return out, true
}

// names are names of owners of an attack in a world.
func names(attack string, n int, seed uint64) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%s %d of %d", attack, i, seed))
	}
	return all
}
