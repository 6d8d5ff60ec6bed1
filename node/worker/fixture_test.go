package worker_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/terms"
)

const testChain = nodetest.Chain

var testTime = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// address makes a new account's address.
func address(t testing.TB) (string, []byte) {
	t.Helper()
	text := nodetest.Address(t)
	raw, err := chain.ParseAddress(text)
	require.NoError(t, err)
	return text, raw
}

// fixture is one owner with one record over Michelson's readings, and one job on it.
type fixture struct {
	dir       string
	file      string
	owner     string
	ownerAddr []byte
	author    string
	consumer  string
	keys      keyfile.Keys
	worker    string
	reader    seal.PrivateKey
	policy    worker.Policy
	program   chain.Program
	code      []byte
	record    chain.Record
	version   chain.Version
	panel     *chain.Membership // of the record; nil for none
	grant     chain.Grant
	job       chain.Job
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{dir: t.TempDir()}
	f.owner, f.ownerAddr = address(t)
	f.author, _ = address(t)
	f.consumer, _ = address(t)
	f.keys, f.reader = nodetest.Keys(), nodetest.Key("reader")
	signer, err := chain.NewSigner(f.keys.Account)
	require.NoError(t, err)
	f.worker = signer.Address()

	raw, err := os.ReadFile(filepath.Join("..", "..", "testdata", "data", "michelson.csv"))
	require.NoError(t, err)
	f.file = filepath.Join(f.dir, "michelson.csv")
	require.NoError(t, os.WriteFile(f.file, raw, 0o600))

	f.policy = worker.Policy{
		ChainID: testChain, Node: "127.0.0.1:1", Owner: f.owner, Fees: worker.FeePolicy{Payer: worker.PayerOwner},
		Trust: chain.Trust{Root: light.Root{Height: 1, Hash: make([]byte, 32)}}, Witnesses: []string{"127.0.0.1:2"},
		DataDirs: []string{f.dir}, Authors: []string{f.author}, MinPricePerMop: 100, MinCohort: 2, IndividualResults: true,
	}
	moments, err := programs.ByName("moments")
	require.NoError(t, err)
	f.code = moments.Code
	f.program = chain.Program{
		Program: terms.Program{
			Kind: terms.VectorSum, Bits: 63, Shape: terms.Shape{MinColumns: 1, MaxColumns: 64, LengthPerColumn: 3}, Cost: moments.Cost,
		},
		Id: moments.Hash, Author: f.author, Name: "moments",
		MeteringVersion: metering.MeteringVersion,
	}
	f.addRecord(t)
	f.addJob(t)
	return f
}

func (f *fixture) addRecord(t testing.TB) {
	t.Helper()
	f.record = chain.Record{
		Id: "000102030405060708090a0b0c0d0e0f", Owner: f.owner, PoolId: 7, Status: chain.RecordActive,
		Admitted: 1, ModifiedAt: testTime,
	}
	f.version = f.newVersion(t, "1.0.0", [source.SeedSize]byte{9})
	f.grant = chain.Grant{Id: 1, Terms: terms.GrantTerms{
		Programs: []string{f.program.Id}, MinPricePerMop: math.NewInt(50), MinCohort: 2, IndividualResults: true,
	}}
}

// newVersion commits to the fixture's file and seals its location to the worker.
func (f *fixture) newVersion(t testing.TB, version string, seed [source.SeedSize]byte) chain.Version {
	t.Helper()
	c, err := source.Commit(f.file, source.CSV, seed)
	require.NoError(t, err)
	location, err := source.Location{Path: f.file, Format: source.CSV, Seed: seed}.Marshal()
	require.NoError(t, err)
	sealed, err := seal.Seal(seal.RecordLabel(testChain, f.record.Id, f.ownerAddr), location, []seal.PublicKey{f.keys.Reader.Public()})
	require.NoError(t, err)
	content := chain.VersionContent{
		Version:    version,
		Columns:    c.Columns,
		Commitment: chain.RowCommitment{Rows: c.Rows, Root: bytes.Clone(c.Root[:])},
		Location:   chain.SealedLocation{Body: sealed.Body, Commitment: sealed.Commitment},
	}
	for _, s := range sealed.Stanzas {
		content.Location.Stanzas = append(content.Location.Stanzas, chain.Stanza{KeyId: s.KeyID, Enc: s.Enc, Ciphertext: s.Ciphertext})
	}
	return chain.Version{Content: content, Status: chain.VersionAdmitted}
}

func (f *fixture) addJob(t testing.TB) {
	t.Helper()
	input, err := analysis.EncodeMoments([]fixedpoint.Column{{Decimals: 0, Bits: 20}})
	require.NoError(t, err)
	f.job = chain.Job{
		Id: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", Consumer: f.consumer, Status: chain.JobContributing, Vdaf: securesum.Draft,
		DeadlineHeight: 40, DataPerAlita: math.NewIntFromUint64(1 << 63).MulRaw(2),
		Reserved: terms.NewFunds(0, 0), StakersFeePpm: 50_000,
		Spec: chain.JobSpec{
			PoolId: 7, ProgramId: f.program.Id, Columns: []string{"speed_km_s"}, Length: 3, Input: input, Purpose: "science",
			MinCohort: 2, MaxCohort: 10, PricePerMop: math.NewInt(1_000_000), Budget: terms.NewFunds(1_000_000, 1_000_000),
			ReaderKey: f.reader.Public().Bytes(), Delivery: chain.DeliveryDirect,
		},
	}
}

func (f *fixture) candidate() worker.Candidate {
	c := worker.Candidate{
		Job: f.job, Program: f.program, Record: f.record, Version: f.version, Grants: []chain.Grant{f.grant},
		Height: 12, Time: testTime,
	}
	if f.job.OverPanels() {
		c.Panel, c.Version, c.Grants = f.panel, f.panel.Version, nil
	}
	return c
}

// askRows has the fixture's job ask moments_row over whoever comes, with as little noise as a job may have.
func (f *fixture) askRows(t testing.TB) {
	t.Helper()
	p := programs.MomentsRow()
	f.code = p.Code
	f.program.Id, f.program.Name = p.Hash, p.Name
	f.program.Program = terms.Program{
		Kind: terms.VectorSum, Bits: 63, Row: true, Shape: terms.Shape{MinColumns: 1, MaxColumns: 64, LengthConstant: 1, LengthPerColumn: 3}, Cost: p.Cost,
	}
	f.grant.Terms.Programs = []string{p.Hash}
	f.record.PrivacyBudget = 10 * terms.MaxMicroRho
	input, err := analysis.EncodeCentred([]fixedpoint.Column{{Bits: 20}}, []analysis.Centre{{Value: centre}})
	require.NoError(t, err)
	f.job.Spec.ProgramId, f.job.Spec.Length, f.job.Spec.Input = p.Hash, 4, input
	f.job.Spec.Delivery, f.job.Spec.Secure, f.job.MicroRho = chain.DeliverySecureSum, &chain.SecureSum{
		Seats: 3, Rounds: 3, MicroRho: terms.MaxMicroRho,
		Ranges: terms.Ranges{{Count: 2, High: 1, Variance: 4}, {Count: 1, Low: -1 << 10, High: 1 << 10, Variance: 4}, {Count: 1, High: 1 << 20, Variance: 1 << 20}},
	}, terms.MaxMicroRho
}

// Michelson's readings: 100 of them, sum 29985240, sum of squares by the certified mean and deviation.
var michelson = []int64{100, 29_985_240, 8_991_146_796_600}

// centre is what moments_row takes away from each reading, and centred what is left: the rows used, the count, the sum and the sum of squares.
const centre = 299_850

var centred = []int64{100, 100, 240, 618_600}

// requireNearCentred checks a sum of askRows with the noise of three seats, which tests draw from seeds.
func requireNearCentred(t testing.TB, got []int64) {
	t.Helper()
	require.Len(t, got, len(centred))
	for i, most := range []float64{20, 20, 20, 10 << 10} {
		require.InDelta(t, centred[i], got[i], most)
	}
}
