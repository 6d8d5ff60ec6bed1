package integration_test

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/programtest"
	computekeeper "github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// readings is an owner's file, with what its record commits to.
type readings struct {
	path string
	source.Commitment
}

// columns of a file of readings. Exact answers may take a tenth of a record's cells: of one row with so many, a question of six slots.
const columns = 60

func newReadings(t *testing.T, speeds ...string) readings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "readings.csv")
	header, rest := "speed", strings.Repeat(",1", columns-1)
	for _, c := range answers() {
		header += "," + c.Name
	}
	require.NoError(t, os.WriteFile(path, []byte(header+"\n"+strings.Join(speeds, rest+"\n")+rest+"\n"), 0o600))
	c, err := source.Commit(path, source.CSV, [source.SeedSize]byte{})
	require.NoError(t, err)
	return readings{path, c}
}

// answers are the columns of a file of readings, besides the speed.
func answers() (out []metadatatypes.Column) {
	for i := 1; i < columns; i++ {
		out = append(out, metadatatypes.Column{Name: fmt.Sprint("answer ", i), Type: datapooltypes.COLUMN_TYPE_INTEGER})
	}
	return out
}

// listReadings lists a record over the file of an owner.
func (c *sumChain) listReadings(owner apptest.Account, n uint64, r readings) {
	c.t.Helper()
	msg := registerMsg(c.t, owner, n, r.Rows)
	msg.Content.Commitment.Root = r.Root[:]
	msg.Content.Dataset.Files[0].ContentSize, msg.Content.Dataset.Files[0].Sha256 = r.Size, r.SHA256[:]
	msg.Content.Dataset.Columns = append(msg.Content.Dataset.Columns, answers()...)
	c.list(owner, msg)
}

// vector runs the program choice over the committed rows, as the owner's worker does.
func (r readings) vector(t *testing.T, job analysis.Job) []uint64 {
	t.Helper()
	columns, _, err := fixedpoint.ParseHeader(job.Input)
	require.NoError(t, err)
	run := programtest.New(t, "choice", sandbox.Compiler)
	operations, err := run.Program.Cost.Operations(r.Rows, 1, uint32(job.Length))
	require.NoError(t, err)
	vector, err := committed.Run(t.Context(), run.Box, run.Compiled,
		source.Committed{Location: source.Location{Path: r.path, Format: source.CSV}, Rows: r.Rows, Root: r.Root[:]},
		committed.Job{
			Columns: []source.Column{{Name: "speed", Column: columns[0]}}, Input: job.Input, Length: job.Length, Bits: job.Bits,
			Operations: operations,
		})
	require.NoError(t, err)
	var out []uint64
	for _, v := range vector {
		out = append(out, uint64(v))
	}
	return out
}

// Three owners of a panel have one reading each. Into which bins they fall is added up in a secure sum of one-hot vectors, from the files to
// the decoded table. A record of two readings can take no part, and noise is refused.
func TestChoiceOfOwnersWithOneRow(t *testing.T) {
	c := newSeatedChain(t)
	c.store("choice")
	buy(c.Chain, consumer, 100*whole)
	var files []readings
	for i, speed := range []string{"299850", "299740", "299869.5"} {
		files = append(files, newReadings(t, speed))
		c.listReadings(owners[i], 1, files[i])
	}
	session, err := analysis.NewSession(analysis.Parameters{Program: "choice", Columns: []analysis.Column{
		{Name: "speed", Offset: 299000, Decimals: 1, Bits: 14, Lower: "299800", Width: "50", Bins: 3},
	}})
	require.NoError(t, err)
	job := session.Job()
	require.Equal(t, 1, job.Bits)
	c.jobs++
	open := c.openMsg(job.Input, job.Length, uint32(job.Bits), nil)
	open.Spec.Panels, open.Spec.MinCohort = []string{foundPanel(t, c.Chain, fixedTerms(open.Spec), owners, c.records)}, 3
	id := c.seated(open)

	two := newReadings(t, "299850", "299860")
	c.listReadings(owners[0], 2, two)
	quote, err := computekeeper.NewQueryServer(c.App.ComputeKeeper).QuoteJob(c.Ctx(), &computetypes.QueryQuoteJobRequest{
		PoolId: poolID, ProgramId: c.program, Columns: 1, Length: uint32(job.Length), PricePerMop: "1000000",
	})
	require.NoError(t, err)
	require.EqualValues(t, 3, quote.Records, "the record of two rows does not count")
	direct := c.openMsg(job.Input, job.Length, 0, nil)
	direct.Salt = salt(1_000)
	direct.Spec.Delivery, direct.Spec.DeliverBlocks, direct.Spec.Secure = computetypes.DELIVERY_DIRECT, 10, nil
	c.Must(consumer, direct)
	wrong, _ := contribution(t, c.Chain, owners[0], c.records[3], computetypes.JobID(consumer.Address(), direct.Salt), make([]int64, job.Length))
	require.Contains(t, c.Fails(computetypes.ErrWrongRecord, workerOf(owners[0]), wrong), "expected 1 for a program of one_hot, got 2")

	for i := range owners {
		c.Must(workerOf(owners[i]), c.share(id, i, files[i].vector(t, job)))
	}
	var sum []*big.Int
	for _, v := range c.sum(id, 0, 1, 2) {
		sum = append(sum, big.NewInt(v))
	}
	require.NoError(t, session.Advance(sum, len(owners)))
	result, err := session.Result()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"below", "", "299800.0", "1"},
		{"1", "299800.0", "299850.0", "0"},
		{"2", "299850.0", "299900.0", "2"},
		{"3", "299900.0", "299950.0", "0"},
		{"above", "299950.0", "", "0"},
		{"missing", "", "", "0"},
	}, result.Table.Rows)

	c.jobs++
	noised := c.openMsg(job.Input, job.Length, uint32(job.Bits), ranges(job.Length, 101))
	require.Contains(t, c.Fails(computetypes.ErrInvalidSecure, consumer, noised), "kind of a sum with noise: expected sumvec, got one-hot")
}
