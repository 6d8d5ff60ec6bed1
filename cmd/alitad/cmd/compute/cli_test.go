package compute_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/x/compute/types"
)

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"0.5ALITA": 500_000, "500000ualita": 500_000, "1 ALITA": 1_000_000, "0ALITA": 0, "2alita": 2_000_000,
		"0.000001ALITA": 1, "7uALITA": 7, "12.25ALITA": 12_250_000,
	} {
		got, err := compute.ParseAlita(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got.Int64(), text)
	}
	for text, says := range map[string]string{
		"":                                 "expected a unit",
		"5":                                "expected a unit",
		"5data/1":                          "expected a unit",
		"ALITA":                            "digits",
		"-1ALITA":                          "digits",
		"1e3ALITA":                         "digits",
		"1/2ALITA":                         "digits",
		"1.2.3ALITA":                       "digits",
		".ALITA":                           "digits",
		"0.0000001ALITA":                   "at most 6 decimals",
		"0.5ualita":                        "at most 0 decimals",
		strings.Repeat("9", 60) + "ualita": "fewer than 39 digits",
	} {
		_, err := compute.ParseAlita(text)
		require.ErrorContains(t, err, says, text)
	}
	for amount, want := range map[int64]string{0: "0 ALITA", 1: "0.000001 ALITA", 500_000: "0.5 ALITA", 10_000_000: "10 ALITA"} {
		require.Equal(t, want, compute.FormatAlita(math.NewInt(amount)))
	}
}

// What ships is what the chain takes: within its parameters, and with the cost
// model that the programs' own tests have measured.
func TestShippedProgramsAreAccepted(t *testing.T) {
	params := types.DefaultParams()
	for _, p := range programs.All() {
		msg, err := compute.ShippedMsg(p.Name, params)
		require.NoError(t, err)
		require.Equal(t, p.Hash, types.ProgramID(msg.Code))
		program := types.Program{Name: msg.Name, Description: msg.Description, Kind: msg.Kind, Bits: msg.Bits, Shape: msg.Shape, Cost: msg.Cost}
		require.NoError(t, program.Validate(params), p.Name)
		for _, rows := range []uint64{0, 1, 1024, 1025, 1_000_000} {
			k := p.Shape.MinColumns
			length := max(p.Shape.Length(k), p.Shape.MinLength)
			want, err := p.Cost.Operations(rows, uint64(k), uint64(length))
			require.NoError(t, err)
			got, err := msg.Cost.Operations(rows, uint32(k), uint32(length))
			require.NoError(t, err)
			require.Equal(t, want, got, "%s with %d rows", p.Name, rows)
			require.NoError(t, msg.Shape.Check(uint32(k), uint32(length)))
		}
	}
	_, err := compute.ShippedMsg("mean", params)
	require.ErrorIs(t, err, programs.ErrUnknown)
}

const meta = `{"name": "moments", "description": "d", "kind": "sum", "bits": 63,
  "shape": {"min_columns": 1, "max_columns": 64, "length_per_column": 3},
  "cost": {"base": {"constant": 352}, "per_batch": {"constant": 77, "per_column": 245}, "per_row": {"per_column": 43}}}`

func TestMeta(t *testing.T) {
	file := filepath.Join(t.TempDir(), "program.json")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	write(meta)
	msg, err := compute.ReadMeta(file)
	require.NoError(t, err)
	shipped, err := compute.ShippedMsg("moments", types.DefaultParams())
	require.NoError(t, err)
	require.Equal(t, shipped.Shape, msg.Shape)
	require.Equal(t, shipped.Cost, msg.Cost)
	require.Equal(t, shipped.Kind, msg.Kind)
	for text, says := range map[string]string{
		"":                                      "EOF",
		"{}":                                    `expected "sum" or "histogram"`,
		meta + "{}":                             "nothing after",
		strings.Replace(meta, "sum", "mean", 1): `expected "sum" or "histogram"`,
		strings.Replace(meta, "bits", "bit", 1): "unknown field",
		strings.Replace(meta, "63", "-1", 1):    "number -1",
		strings.Replace(meta, "352", "1.5", 1):  "1.5",
	} {
		write(text)
		_, err := compute.ReadMeta(file)
		require.ErrorContains(t, err, says)
	}
}

// The reader's key lies in a file for its user alone, and goes when the answer was shown.
func TestSavedRun(t *testing.T) {
	home := t.TempDir()
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	seed, err := key.Bytes()
	require.NoError(t, err)
	id := strings.Repeat("0a", 16)
	run := compute.SavedRun{ChainID: "alita-1", JobID: id, From: "consumer", ReaderKeys: [][]byte{seed}}
	require.NoError(t, run.Create(home))
	for path, mode := range map[string]os.FileMode{compute.RunFile(home, id): 0o600, filepath.Join(home, "compute"): 0o700 | os.ModeDir} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode())
	}
	require.ErrorIs(t, run.Create(home), os.ErrExist)

	got, err := compute.LoadRun(home, id)
	require.NoError(t, err)
	require.Equal(t, run, got)

	// Keys are added, none is lost.
	_, err = got.AddKey()
	require.NoError(t, err)
	require.NoError(t, got.Save(home))
	again, err := compute.LoadRun(home, id)
	require.NoError(t, err)
	require.Len(t, again.ReaderKeys, 2)
	require.Equal(t, seed, again.ReaderKeys[0])
	info, err := os.Stat(compute.RunFile(home, id))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	entries, err := os.ReadDir(filepath.Join(home, "compute"))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing half written stays")

	require.NoError(t, compute.ForgetRun(home, id))
	_, err = compute.LoadRun(home, id)
	require.ErrorContains(t, err, "no key for job")
	_, err = compute.LoadRun(home, "../../secret")
	require.ErrorIs(t, err, types.ErrInvalidJob)
	require.NoError(t, os.WriteFile(compute.RunFile(home, id), []byte(`{"job_id":"x"}`), 0o600))
	_, err = compute.LoadRun(home, id)
	require.ErrorContains(t, err, "damaged")
}

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	f := pflag.NewFlagSet("run", pflag.ContinueOnError)
	compute.AddFlags(f)
	require.NoError(t, f.Parse(args))
	return f
}

func TestRequest(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "moments", "--pool", "1", "--columns", "speed,day",
		"--decimals", "1,0", "--offset", "-5", "--bits", "20", "--price", "0.5ALITA", "--min-cohort", "4", "--purpose", "research"))
	require.NoError(t, err)
	spec := r.Spec()
	require.Equal(t, []string{"speed", "day"}, spec.Columns)
	require.EqualValues(t, 6, spec.Length)
	require.EqualValues(t, 500_000, spec.PricePerMop.Int64())
	require.EqualValues(t, 4, spec.MinCohort)
	require.Equal(t, "research", spec.Purpose)
	columns, rest, err := fixedpoint.ParseHeader(spec.Input)
	require.NoError(t, err)
	require.Empty(t, rest)
	require.Equal(t, []fixedpoint.Column{{Offset: -5, Decimals: 1, Bits: 20}, {Offset: -5, Decimals: 0, Bits: 20}}, columns)

	// The id of a shipped program is as good as its name.
	p, err := programs.ByName("histogram")
	require.NoError(t, err)
	r, err = compute.ReadRequest(flags(t, "--program", p.Hash, "--pool", "1", "--columns", "mass", "--lower", "2500", "--width", "250",
		"--bins", "16", "--price", "1ALITA"))
	require.NoError(t, err)
	require.EqualValues(t, 19, r.Spec().Length)

	// A foreign program has an input of its own, or the header alone.
	input := filepath.Join(t.TempDir(), "input")
	require.NoError(t, os.WriteFile(input, []byte("abc"), 0o600))
	r, err = compute.ReadRequest(flags(t, "--program", strings.Repeat("0", 64), "--pool", "1", "--columns", "mass", "--length", "7",
		"--input", input, "--price", "1ALITA"))
	require.NoError(t, err)
	require.EqualValues(t, 7, r.Spec().Length)
	_, rest, err = fixedpoint.ParseHeader(r.Spec().Input)
	require.NoError(t, err)
	require.Equal(t, []byte("abc"), rest)
}

func TestRequestRefuses(t *testing.T) {
	good := map[string]string{"program": "moments", "pool": "1", "columns": "speed", "price": "1ALITA"}
	for name, tc := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no program":        {map[string]string{"program": ""}, "--program is missing"},
		"unknown program":   {map[string]string{"program": "mean"}, "moments"},
		"no pool":           {map[string]string{"pool": "0"}, "--pool is missing"},
		"no columns":        {map[string]string{"columns": ""}, "--columns is missing"},
		"no price":          {map[string]string{"price": ""}, "--price is missing"},
		"price of no coin":  {map[string]string{"price": "1"}, "0.5ALITA"},
		"decimals":          {map[string]string{"decimals": "1,2"}, "expected one for all columns or 1"},
		"decimals in words": {map[string]string{"decimals": "one"}, "expected a whole number"},
		"19 decimals":       {map[string]string{"decimals": "19"}, "18"},
		"no bits":           {map[string]string{"bits": "0"}, "1 to 63"},
		"negative bits":     {map[string]string{"bits": "-1"}, "expected a whole number"},
		"no bins":           {map[string]string{"program": "histogram"}, "bins"},
		"bins of no width":  {map[string]string{"program": "histogram", "bins": "3", "width": "0"}, "width"},
		"foreign":           {map[string]string{"program": strings.Repeat("0", 64)}, "--length is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			f := flags(t)
			for _, set := range []map[string]string{good, tc.change} {
				for k, v := range set {
					if k == "columns" && v == "" {
						f = flags(t, "--program", "moments", "--pool", "1", "--price", "1ALITA")
						continue
					}
					if f.Changed(k) && (k == "decimals" || k == "columns") {
						continue
					}
					require.NoError(t, f.Set(k, v))
				}
			}
			_, err := compute.ReadRequest(f)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// The windows of a job without flags of their own fit the chain's parameters, whatever the program.
func TestDefaultWindowsFit(t *testing.T) {
	params := types.DefaultParams()
	for _, program := range [][]string{
		{"moments", "--columns", "a"},
		{"kmeans", "--columns", "a,b", "--clusters", "3"},
		{"logistic", "--columns", "a,b", "--bits", "1,7", "--max-rows", "1000"},
		{"quantiles", "--columns", "a", "--quantiles", "0.5"},
	} {
		r, err := compute.ReadRequest(flags(t, append([]string{"--pool", "1", "--price", "1ALITA", "--program"}, program...)...))
		require.NoError(t, err)
		spec := r.Spec()
		require.LessOrEqual(t, spec.SecureBlocks(), uint64(params.MaxJobBlocks), program[0])
		for _, window := range []uint32{spec.Secure.SeatBlocks, spec.Secure.VerifyBlocks, spec.Secure.OpenBlocks} {
			require.GreaterOrEqual(t, window, params.MinWindowBlocks, program[0])
		}
	}
}

// A bill shows what the draw of the seats has burned, and nothing of it where there was none.
func TestBillTellsTheDrawFee(t *testing.T) {
	job := types.Job{
		Paid: types.ZeroFunds(), Refunded: types.NewFunds(20_000, 80_000), DrawFee: math.NewInt(1_500_000),
		Spec: types.JobSpec{PricePerMop: math.NewInt(500_000), Budget: types.NewFunds(20_000, 80_000)},
	}
	require.Regexp(t, `draw of the seats, burned +1\.5 +0`, compute.BillText(compute.NewBill(job, nil)))
	bz, err := json.Marshal(compute.NewBill(job, nil))
	require.NoError(t, err)
	require.Contains(t, string(bz), `"draw_fee_burned_ualita":"1500000"`)
	job.DrawFee = math.ZeroInt()
	require.NotContains(t, compute.BillText(compute.NewBill(job, nil)), "burned")
}

// The bill adds up to the budget: over rounds, with owners, stakers, seats and what returns.
func TestBill(t *testing.T) {
	job := types.Job{
		StakersFeePpm: 50_000, Operations: 5691, Round: 1, Judged: 4, Valid: 3,
		Paid: types.NewFunds(2845, 11_380), Refunded: types.NewFunds(17_155, 68_620), DrawFee: math.NewInt(1_000_000),
		Spec: types.JobSpec{PricePerMop: math.NewInt(500_000), Budget: types.NewFunds(20_000, 80_000)},
	}
	contributions := []types.Contribution{
		{Owner: "ada", Status: types.CONTRIBUTION_STATUS_PAID, Fee: types.NewFunds(2487, 9948), Attestation: types.Attestation{RecordId: "a", Operations: 10}},
		{Owner: "bob", Status: types.CONTRIBUTION_STATUS_PAID, Fee: types.NewFunds(358, 1432), Attestation: types.Attestation{RecordId: "b", Operations: 20}},
		{Owner: "cyd", Status: types.CONTRIBUTION_STATUS_UNPAID, Fee: types.NewFunds(10, 40), Attestation: types.Attestation{RecordId: "c", Operations: 30}},
	}
	first := compute.BillOfRound(job, contributions)
	b := compute.NewBill(job, []compute.RoundBill{first})
	require.EqualValues(t, 2363, b.Lines[0].Owned.Alita.Int64())
	require.EqualValues(t, 124, b.Lines[0].Stakers.Alita.Int64())
	require.True(t, b.Lines[2].Owned.Alita.IsZero())
	require.EqualValues(t, 141, b.Stakers.Alita.Int64())
	require.EqualValues(t, 2704, b.Owners.Alita.Int64())
	require.True(t, b.SeatsTotal.Alita.IsZero())
	require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.Refunded.Alita))
	require.Equal(t, b.Budget.Data, b.Owners.Data.Add(b.Stakers.Data).Add(b.Refunded.Data))

	// A second round with two seats of 7 and 9 for each of 3 contributions, twice: 96 more, and the owners' fees again.
	job.Seats = []types.JobSeat{{Operator: "s", Fee: math.NewInt(7)}, {Operator: "t", Fee: math.NewInt(9)}}
	job.Paid, job.Refunded = types.NewFunds(2*2845+96, 2*11_380), types.NewFunds(20_000-2*2845-96, 80_000-2*11_380)
	rounds := []compute.RoundBill{compute.BillOfRound(job, contributions)}
	job.Round = 2
	rounds = append(rounds, compute.BillOfRound(job, contributions[:2]))
	b = compute.NewBill(job, rounds)
	require.Len(t, b.Lines, 3)
	require.EqualValues(t, 1_000_000, b.DrawFee.Int64(), "once, beside the budget")
	require.EqualValues(t, 2*2363, b.Lines[0].Owned.Alita.Int64())
	require.Equal(t, []int{2, 2, 1}, []int{b.Lines[0].Rounds, b.Lines[1].Rounds, b.Lines[2].Rounds})
	require.EqualValues(t, 20, b.Lines[0].Operations)
	require.EqualValues(t, 96, b.SeatsTotal.Alita.Int64())
	require.EqualValues(t, 42, b.Seats[0].Paid.Int64())
	require.EqualValues(t, 54, b.Seats[1].Paid.Int64())
	require.EqualValues(t, 6, b.Seats[0].Contributions)
	require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.SeatsTotal.Alita).Add(b.Refunded.Alita))
	require.Equal(t, b.Budget.Data, b.Owners.Data.Add(b.Stakers.Data).Add(b.SeatsTotal.Data).Add(b.Refunded.Data))
}
