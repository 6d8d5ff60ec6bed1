package keeper_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/core/store"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatest "github.com/alita-network/alita/x/metadata/testutil"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// openPools is a pool that admits whatever is registered and rewards nothing.
type openPools struct{}

func (openPools) Pool(_ context.Context, id uint64) (datapooltypes.Pool, error) {
	return datapooltypes.Pool{Id: id, Requirements: datapooltypes.Requirements{OpenAdmission: true}}, nil
}

func (openPools) PayReward(context.Context, uint64, sdk.AccAddress, uint64) (datapooltypes.Amounts, math.Int, error) {
	return datapooltypes.NoAmounts(), math.ZeroInt(), nil
}

// panelFixture is the module with seats over the real x/metadata: owners with records, versions and panels.
type panelFixture struct {
	*secureFixture
	metadata *metadatakeeper.Keeper
	msgs     metadatatypes.MsgServer
	location metadatatypes.SealedLocation
	key      seal.PrivateKey
	// ownerOf is the owner of a record.
	ownerOf map[string]sdk.AccAddress
	// versions counts the versions of a record, salts the salts that were taken.
	versions map[string]int
	salts    uint64
	// rows and columns of a content.
	rows    uint64
	columns int
}

const panelRows = 1000

func newPanelFixture(t tester) *panelFixture {
	t.Helper()
	p := &panelFixture{rows: panelRows, ownerOf: map[string]sdk.AccAddress{}, versions: map[string]int{}}
	base := newFixtureOver(t, func(cdc codec.BinaryCodec, service store.KVStoreService) types.MetadataKeeper {
		p.metadata = metadatakeeper.NewKeeper(cdc, service, codecOf, openPools{}, bech(account("gov")))
		return p.metadata
	})
	require.NoError(t, p.metadata.InitGenesis(base.ctx, *metadatatypes.DefaultGenesis()))
	base.begin()
	p.secureFixture = seated(base, 3)
	p.msgs = metadatakeeper.NewMsgServer(p.metadata)
	p.fund(p.consumer, 1_000*whole+1_000*drawFee, 10_000_000_000)
	seed := label.Hash("test/worker")
	var err error
	p.key, err = seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	// The chain sees only the form of a location, so one serves for all.
	sealed, err := seal.Seal(seal.RecordLabel(chainID, recordID("any"), account("any")), []byte("/srv/data.csv"), []seal.PublicKey{p.key.Public()})
	require.NoError(t, err)
	p.location = metadatatypes.NewSealedLocation(sealed)
	return p
}

func rootOf(content string) []byte {
	root := sha256.Sum256([]byte("root of " + content))
	return root[:]
}

func (p *panelFixture) content(version, content string) metadatatypes.VersionContent {
	dataset := metadatatest.Dataset(content)
	for i := len(dataset.Columns); i < p.columns; i++ {
		dataset.Columns = append(dataset.Columns, metadatatypes.Column{Name: fmt.Sprint("answer ", i), Type: datapooltypes.COLUMN_TYPE_INTEGER})
	}
	return metadatatypes.VersionContent{
		Version: version, Dataset: dataset, Location: p.location,
		Commitment: metadatatypes.RowCommitment{Rows: p.rows, Root: rootOf(content)},
	}
}

func (p *panelFixture) salt() []byte {
	p.salts++
	return salt(p.salts)
}

// register lists a record with a content for an owner.
func (p *panelFixture) register(owner, content string) string {
	p.t.Helper()
	of := account(owner)
	if _, err := p.metadata.Worker(p.ctx, account("worker of "+owner)); err != nil {
		_, err := p.msgs.RegisterWorker(p.ctx, &metadatatypes.MsgRegisterWorker{
			Owner: bech(of), Worker: bech(account("worker of " + owner)), PublicKey: p.key.Public().Bytes(),
		})
		require.NoError(p.t, err)
	}
	res, err := p.msgs.RegisterRecord(p.ctx, &metadatatypes.MsgRegisterRecord{
		Owner: bech(of), Salt: p.salt(), PoolId: poolID, Content: p.content("1.0.0", content),
	})
	require.NoError(p.t, err)
	p.ownerOf[res.RecordId], p.versions[res.RecordId] = of, 1
	return res.RecordId
}

// registerAll lists a record for each owner, whose content is new.
func (p *panelFixture) registerAll(owners ...string) []string {
	p.t.Helper()
	records := make([]string, len(owners))
	for i, o := range owners {
		p.salts++
		records[i] = p.register(o, fmt.Sprint(o, p.salts))
	}
	return records
}

func names(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(prefix, i)
	}
	return all
}

// change adds a version with another content and returns it.
func (p *panelFixture) change(record, content string) string {
	p.t.Helper()
	p.versions[record]++
	version := fmt.Sprint(p.versions[record], ".0.0")
	_, err := p.msgs.AddVersion(p.ctx, &metadatatypes.MsgAddVersion{
		Owner: bech(p.ownerOf[record]), RecordId: record, Content: p.content(version, content),
	})
	require.NoError(p.t, err)
	return version
}

// stage stages a version of a record.
func (p *panelFixture) stage(record, version string) error {
	_, err := p.msgs.StageContent(p.ctx, &metadatatypes.MsgStageContent{Owner: bech(p.ownerOf[record]), RecordId: record, Version: version})
	return err
}

// renew brings new content of a record and stages it, which must succeed.
func (p *panelFixture) renew(record, content string) {
	p.t.Helper()
	require.NoError(p.t, p.stage(record, p.change(record, content)))
}

// namedTerms let a panel answer a row program with any input.
func (p *panelFixture) namedTerms(threshold uint32) metadatatypes.PanelTerms {
	return metadatatypes.PanelTerms{
		Class: metadatatypes.PANEL_CLASS_NAMED, Programs: []string{p.rowProgram}, Purposes: []string{"research"},
		MinPricePerMop: math.NewInt(10), Threshold: threshold,
	}
}

// propose proposes a panel of records.
func (p *panelFixture) propose(terms metadatatypes.PanelTerms, records ...string) (string, error) {
	sorted := slices.Sorted(slices.Values(records))
	res, err := p.msgs.ProposePanel(p.ctx, &metadatatypes.MsgProposePanel{
		Proposer: bech(account("proposer")), Salt: p.salt(), PoolId: poolID, RecordIds: sorted, Terms: terms,
	})
	if err != nil {
		return "", err
	}
	return res.PanelId, nil
}

func (p *panelFixture) sign(panel, record string) error {
	_, err := p.msgs.SignPanel(p.ctx, &metadatatypes.MsgSignPanel{Owner: bech(p.ownerOf[record]), PanelId: panel, RecordId: record})
	return err
}

// found makes a panel of records which all of their owners sign; it must succeed.
func (p *panelFixture) found(terms metadatatypes.PanelTerms, records ...string) string {
	p.t.Helper()
	id, err := p.propose(terms, records...)
	require.NoError(p.t, err)
	for _, r := range records {
		require.NoError(p.t, p.sign(id, r))
	}
	return id
}

func (p *panelFixture) leave(panel, record string) {
	p.t.Helper()
	_, err := p.msgs.LeavePanel(p.ctx, &metadatatypes.MsgLeavePanel{Owner: bech(p.ownerOf[record]), PanelId: panel})
	require.NoError(p.t, err)
}

func (p *panelFixture) panel(id string) metadatatypes.Panel {
	p.t.Helper()
	panel, err := p.metadata.WholePanel(p.ctx, id)
	require.NoError(p.t, err)
	return panel
}

// over is the spec of an exact sum over panels, and makes their members those who contribute.
func (p *panelFixture) over(panels ...string) types.JobSpec {
	p.t.Helper()
	s := p.secureSpec()
	s.Secure.MicroRho, s.Secure.Ranges = 0, []types.SlotRange{{Count: 1, High: 1}, {Count: s.Length - 1, High: 1 << 50}}
	if len(panels) > 0 && p.panel(panels[0]).Terms.Class == metadatatypes.PANEL_CLASS_FIXED {
		s.ProgramId, s.Secure.Ranges = p.program, nil
	}
	s.Panels = slices.Sorted(slices.Values(panels))
	p.records, p.owners = nil, nil
	for _, id := range s.Panels {
		require.NoError(p.t, p.metadata.WalkPanel(p.ctx, id, func(record string, c metadatatypes.Contributable) error {
			p.registry.records[record] = c
			p.records, p.owners = append(p.records, record), append(p.owners, c.Owner)
			return nil
		}))
	}
	s.MinCohort, s.MaxCohort = uint32(len(p.records)), uint32(len(p.records))
	s.Budget = types.NewFunds(3_000_000, 15_000_000)
	return s
}

// openOver opens a job over panels by the consumer.
func (p *panelFixture) openOver(spec types.JobSpec) (string, error) {
	res, err := p.msg.OpenJob(p.ctx, &types.MsgOpenJob{Consumer: bech(p.consumer), Salt: p.salt(), Spec: spec})
	if err != nil {
		return "", err
	}
	return res.JobId, nil
}

// seatedJob opens a job, which must succeed, and brings it to its window for contributions.
func (p *panelFixture) seatedJob(spec types.JobSpec) string {
	p.t.Helper()
	id, err := p.openOver(spec)
	require.NoError(p.t, err)
	p.endBlocks(2)
	p.takeSeats(id)
	p.endBlock()
	require.Equal(p.t, types.JOB_STATUS_CONTRIBUTING, p.job(id).Status)
	return id
}

// untilOver ends blocks until a job leaves its phase.
func (p *panelFixture) untilOver(id string) types.Job {
	p.t.Helper()
	before := p.job(id).Status
	for range 100 {
		p.endBlock()
		if job := p.job(id); job.Status != before {
			return job
		}
	}
	p.t.Errorf("job %s stays %s", id, before)
	p.t.FailNow()
	return types.Job{}
}

// answer runs a job over panels to its end with the real protocol, and returns it with the sums.
func (p *panelFixture) answer(spec types.JobSpec) (types.Job, []string) {
	p.t.Helper()
	id := p.seatedJob(spec)
	p.contributeAll(id)
	require.Equal(p.t, types.JOB_STATUS_VERIFYING, p.untilOver(id).Status)
	p.prepareAll(id)
	require.Equal(p.t, types.JOB_STATUS_AGGREGATING, p.untilOver(id).Status)
	p.openAll(id)
	job := p.untilOver(id)
	if job.Status == types.JOB_STATUS_READING {
		_, err := p.msg.AcceptSums(p.ctx, &types.MsgAcceptSums{Consumer: bech(p.consumer), JobId: id})
		require.NoError(p.t, err)
		job = p.untilOver(id)
	}
	return job, p.read(id, p.reader)
}

// endBlock checks x/metadata's invariants as well.
func (p *panelFixture) endBlock() {
	p.t.Helper()
	p.fixture.endBlock()
	require.NoError(p.t, p.metadata.Invariants(p.ctx))
}

func (p *panelFixture) endBlocks(n int) {
	p.t.Helper()
	for range n {
		p.endBlock()
	}
}
