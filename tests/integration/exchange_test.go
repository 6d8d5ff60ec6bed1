// Package integration_test runs the real application in process and lets the
// modules work together.
package integration_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	// whole is one ALITA or one Data Token in its smallest unit.
	whole = 1_000_000
	// endowment is what every account starts with.
	endowment = 10_000 * whole
	poolID    = 1
)

var (
	maker    = apptest.NamedAccount("maker")
	consumer = apptest.NamedAccount("consumer")
	owners   = []apptest.Account{
		apptest.NamedAccount("owner1"), apptest.NamedAccount("owner2"), apptest.NamedAccount("owner3"),
	}
)

// funded gives all actors their endowment.
func funded() apptest.Option {
	names := []string{maker.Name, consumer.Name}
	for _, o := range owners {
		names = append(names, o.Name, workerOf(o).Name)
	}
	return apptest.WithFunded(endowment, names...)
}

// workerOf is the account of an owner's computing node.
func workerOf(owner apptest.Account) apptest.Account {
	return apptest.NamedAccount(owner.Name + ".worker")
}

// keyOf is a fixed HPKE key for a name.
func keyOf(t testing.TB, name string) seal.PrivateKey {
	t.Helper()
	seed := sha256.Sum256([]byte("alita test key " + name))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	return key
}

func salt(n uint64) []byte { return append(make([]byte, 8), label.Uint64(n)...) }

func deadline(chain *apptest.Chain) time.Time { return chain.Time().Add(time.Minute) }

func createPool(chain *apptest.Chain) {
	chain.Must(maker, &datapooltypes.MsgCreatePool{
		Maker: maker.String(), Symbol: "LIGHT", Name: "Speed of light in air",
		Description:    "Michelson's determinations of 1879, in km/s.",
		LiquidityAlita: sdk.NewInt64Coin(app.BaseDenom, 1_000*whole),
		LiquidityData:  math.NewInt(10_000 * whole),
		RewardBudget:   math.NewInt(1_000 * whole),
		RewardPolicy:   datapooltypes.RewardPerRecord(math.NewInt(4 * whole)),
		MakerAllotment: math.NewInt(500 * whole),
		VestingSeconds: 1_000,
		LockSeconds:    2_000,
		Fees:           datapooltypes.FeePolicy{SwapFeePpm: 3_000, MakerPpm: 200_000, RewardsPpm: 100_000},
		Requirements: datapooltypes.Requirements{
			Text:    "One row per reading.",
			Columns: []datapooltypes.RequiredColumn{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL}},
			MinRows: 1,
		},
	})
}

func buy(chain *apptest.Chain, who apptest.Account, alita int64) {
	chain.Must(who, &datapooltypes.MsgSwapExactIn{
		Sender: who.String(), PoolId: poolID, TokenIn: sdk.NewInt64Coin(app.BaseDenom, alita),
		MinOut: math.OneInt(), Deadline: deadline(chain),
	})
}

func alita(amount int64) sdk.Coin { return sdk.NewInt64Coin(app.BaseDenom, amount) }

func data(amount int64) sdk.Coin { return sdk.NewInt64Coin(datapooltypes.DataDenom(poolID), amount) }

func registerWorkerMsg(t testing.TB, owner apptest.Account) *metadatatypes.MsgRegisterWorker {
	t.Helper()
	return &metadatatypes.MsgRegisterWorker{
		Owner: owner.String(), Worker: workerOf(owner).String(), Name: "laptop",
		PublicKey: keyOf(t, owner.Name).Public().Bytes(),
	}
}

// registerMsg registers a record of rows, its location sealed to the owner's worker.
func registerMsg(t testing.TB, owner apptest.Account, n, rows uint64) *metadatatypes.MsgRegisterRecord {
	t.Helper()
	id := metadatatypes.RecordID(owner.Address(), salt(n))
	location, err := seal.Seal(seal.RecordLabel(apptest.ChainID, id, owner.Address()),
		[]byte("file:///data/"+owner.Name+".csv"), []seal.PublicKey{keyOf(t, owner.Name).Public()})
	require.NoError(t, err)
	content := sha256.Sum256(append([]byte(owner.Name), salt(n)...))
	return &metadatatypes.MsgRegisterRecord{
		Owner: owner.String(), Salt: salt(n), PoolId: poolID,
		Content: metadatatypes.VersionContent{
			Version: "1.0.0",
			Dataset: metadatatypes.Dataset{
				Names: []metadatatypes.LocalizedText{{Language: "en", Text: "Readings of " + owner.Name}},
				Descriptions: []metadatatypes.LocalizedText{{
					Language: "en", Text: "Readings of the speed of light in air, taken with a rotating mirror.",
				}},
				License: "CC0-1.0",
				Columns: []metadatatypes.Column{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL, Unit: "km/s"}},
				Files: []metadatatypes.File{{
					Name: "readings.csv", EncodingFormat: "text/csv", ContentSize: 10 * rows, Sha256: content[:],
				}},
			},
			Commitment: metadatatypes.RowCommitment{Rows: rows, Root: content[:]},
			Location:   metadatatypes.NewSealedLocation(location),
		},
	}
}

func admitMsg(recordID string) *metadatatypes.MsgAdmitVersion {
	return &metadatatypes.MsgAdmitVersion{Maker: maker.String(), RecordId: recordID, Version: "1.0.0"}
}

// shippedPrograms are the ids of the programs that ship.
func shippedPrograms() (ids []string) {
	for _, p := range slices.Concat(programs.All(), programs.Rows()) {
		ids = append(ids, p.Hash)
	}
	return ids
}

func grantMsg(owner apptest.Account, recordID string) *metadatatypes.MsgGrant {
	return &metadatatypes.MsgGrant{Owner: owner.String(), RecordId: recordID, Terms: metadatatypes.GrantTerms{
		Programs: shippedPrograms(), MinCohort: 2, MinPricePerMop: math.NewInt(1), IndividualResults: true,
	}}
}

// listRecord registers, admits and opens a record to computations; it returns its id.
func listRecord(t testing.TB, chain *apptest.Chain, owner apptest.Account, rows uint64) string {
	t.Helper()
	msg := registerMsg(t, owner, 1, rows)
	chain.Must(owner, msg)
	id := metadatatypes.RecordID(owner.Address(), msg.Salt)
	chain.Must(maker, admitMsg(id))
	chain.Must(owner, grantMsg(owner, id))
	return id
}

// storeMoments stores the shipped program and returns its id.
func storeMoments(t testing.TB, chain *apptest.Chain) string {
	t.Helper()
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	chain.Must(maker, &computetypes.MsgStoreProgram{
		Author: maker.String(), Code: p.Code, Name: p.Name, Description: p.Description,
		Kind: computetypes.VECTOR_KIND_SUM, Bits: 63,
		Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 64, LengthPerColumn: 3},
		Cost:  computetypes.CostModelOf(p.Cost),
	})
	return p.Hash
}

// storeMomentsRow stores the shipped row program and returns its id.
func storeMomentsRow(t testing.TB, chain *apptest.Chain) string {
	t.Helper()
	p := programs.MomentsRow()
	chain.Must(maker, &computetypes.MsgStoreProgram{
		Author: maker.String(), Code: p.Code, Name: p.Name, Description: p.Description,
		Kind: computetypes.VECTOR_KIND_SUM, Bits: 63,
		Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 64, LengthConstant: 1, LengthPerColumn: 3},
		Cost:  computetypes.CostModelOf(p.Cost),
	})
	return p.Hash
}

// anyPrice bounds no price that a pool has.
var anyPrice = math.NewIntWithDecimal(1, 40)

// openJobMsg asks for the moments of the speeds at 2 ALITA for a million operations.
func openJobMsg(t testing.TB, program string, n uint64) *computetypes.MsgOpenJob {
	t.Helper()
	input, err := analysis.EncodeMoments([]fixedpoint.Column{{Decimals: 0, Bits: 20}})
	require.NoError(t, err)
	return &computetypes.MsgOpenJob{
		Consumer: consumer.String(), Salt: salt(n), Spec: computetypes.JobSpec{
			PoolId: poolID, ProgramId: program, Columns: []string{"speed"}, Length: 3, Input: input, Purpose: "research",
			MinCohort: 2, MaxCohort: 3, PricePerMop: math.NewInt(2 * whole), MaxDataPerAlita: anyPrice, Budget: computetypes.NewFunds(10*whole, 100*whole),
			ContributeBlocks: 20, DeliverBlocks: 20, ReaderKey: keyOf(t, consumer.Name).Public().Bytes(),
			Delivery: computetypes.DELIVERY_DIRECT,
		},
	}
}

// contribution is an owner's attestation and the vector that it commits to.
func contribution(
	t testing.TB, chain *apptest.Chain, owner apptest.Account, recordID, jobID string, vector []int64,
) (*computetypes.MsgContribute, *computetypes.MsgDeliver) {
	t.Helper()
	ctx := chain.Ctx()
	job, err := chain.App.ComputeKeeper.Job(ctx, jobID)
	require.NoError(t, err)
	record, err := chain.App.MetadataKeeper.Contributable(ctx, recordID)
	require.NoError(t, err)
	program, err := chain.App.ComputeKeeper.Program(ctx, job.Spec.ProgramId)
	require.NoError(t, err)
	operations, err := program.Cost.Operations(record.Rows, uint32(len(job.Spec.Columns)), job.Spec.Length)
	require.NoError(t, err)
	sealed, err := result.Seal(job.Spec.ReaderKey, result.Binding{
		ChainID: apptest.ChainID, JobID: jobID, RecordID: recordID, Version: record.Version, Owner: record.Owner,
	}, vector)
	require.NoError(t, err)
	commitment := sealed.Commitment()
	contribute := &computetypes.MsgContribute{
		Worker: workerOf(owner).String(), Attestation: computetypes.Attestation{
			JobId: jobID, RecordId: recordID, Version: record.Version, RowRoot: record.RowRoot, Rows: record.Rows,
			Operations: operations, ResultCommitment: commitment[:],
		},
	}
	deliver := &computetypes.MsgDeliver{
		Worker: workerOf(owner).String(), JobId: jobID, RecordId: recordID,
		Sealed: computetypes.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext},
	}
	return contribute, deliver
}
