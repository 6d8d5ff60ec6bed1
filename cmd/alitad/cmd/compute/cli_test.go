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

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
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
	for price, want := range map[string]string{"0": "0 ALITA", "184467440737095516160": "10 ALITA", "188156789551837426484": "10.2 ALITA", "18446744074": "0.000000001 ALITA"} {
		perAlita, ok := math.NewIntFromString(price)
		require.True(t, ok)
		require.Equal(t, want, compute.FormatPrice(perAlita))
	}
}

// What ships is what the chain takes: within its parameters, and with the cost
// model that the programs' own tests have measured.
func TestShippedProgramsAreAccepted(t *testing.T) {
	params := types.DefaultParams()
	for _, p := range programs.All() {
		msg, err := compute.ShippedMsg(p.Name, params)
		require.NoError(t, err)
		require.Equal(t, p.Hash, terms.ProgramID(msg.Code))
		program := types.Program{Name: msg.Name, Description: msg.Description, Kind: msg.Kind, Bits: msg.Bits, Shape: msg.Shape, Cost: msg.Cost}
		require.NoError(t, program.Validate(params), p.Name)
		for _, rows := range []uint64{0, 1, 1024, 1025, 1_000_000} {
			k := p.Shape.MinColumns
			length := max(p.Shape.Length(k), p.Shape.MinLength)
			want, err := p.Cost.Operations(rows, uint32(k), uint32(length))
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
  "cost": {"base": {"constant": 1312}, "per_batch": {"constant": 269, "per_column": 6437}, "per_row": {"per_column": 43}}}`

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
		"{}":                                    `expected sum, histogram or one_hot`,
		meta + "{}":                             "nothing after",
		strings.Replace(meta, "sum", "mean", 1): `expected sum, histogram or one_hot`,
		strings.Replace(meta, "bits", "bit", 1): "unknown field",
		strings.Replace(meta, "63", "-1", 1):    "number -1",
		strings.Replace(meta, "1312", "1.5", 1): "1.5",
	} {
		write(text)
		_, err := compute.ReadMeta(file)
		require.ErrorContains(t, err, says)
	}
}

// panel is the id of a panel, over which exact sums are asked.
var panel = strings.Repeat("a", 64)

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	f := pflag.NewFlagSet("run", pflag.ContinueOnError)
	compute.AddFlags(f)
	require.NoError(t, f.Parse(args))
	return f
}

func TestRequest(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "moments", "--pool", "1", "--columns", "speed,day",
		"--decimals", "1,0", "--offset", "-5", "--bits", "20", "--price", "0.5ALITA", "--panels", panel, "--min-cohort", "4", "--purpose", "research",
		"--budget", "2ALITA", "--data-budget", "3DATA"))
	require.NoError(t, err)
	require.Equal(t, []analysis.Column{{Name: "speed", Offset: -5, Decimals: 1, Bits: 20}, {Name: "day", Offset: -5, Bits: 20}}, r.Question.Parameters.Columns)
	require.EqualValues(t, 1, r.PoolID)
	require.EqualValues(t, 500_000, r.PricePerMop.Int64())
	require.EqualValues(t, 2_000_000, r.Budget.Int64())
	require.EqualValues(t, 4, r.MinCohort)
	require.Equal(t, "research", r.Purpose)
	require.True(t, r.SeatFee.IsNil())
	require.False(t, r.Direct)

	// The id of a shipped program is as good as its name.
	p, err := programs.ByName("histogram")
	require.NoError(t, err)
	r, err = compute.ReadRequest(flags(t, "--program", p.Hash, "--pool", "1", "--columns", "mass", "--lower", "2500", "--width", "250",
		"--bins", "16", "--price", "1ALITA", "--panels", panel))
	require.NoError(t, err)
	require.Equal(t, "histogram", r.Question.Parameters.Program)
	require.Equal(t, 16, r.Question.Parameters.Columns[0].Bins)

	// A foreign program has an input of its own, or only the header.
	input := filepath.Join(t.TempDir(), "input")
	require.NoError(t, os.WriteFile(input, []byte("abc"), 0o600))
	r, err = compute.ReadRequest(flags(t, "--program", strings.Repeat("0", 64), "--pool", "1", "--columns", "mass", "--length", "7",
		"--input", input, "--price", "1ALITA", "--panels", panel))
	require.NoError(t, err)
	require.Equal(t, &consumer.Foreign{
		Program: strings.Repeat("0", 64), Columns: []analysis.Column{{Name: "mass", Bits: 32}}, Own: []byte("abc"), Length: 7,
	}, r.Question.Foreign)
}

func TestDeliveryFlags(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "logistic", "--pool", "1", "--columns", "vote,age", "--bits", "7", "--max-rows", "1000",
		"--price", "1ALITA", "--rounds", "10", "--seats", "4", "--seat-fee", "0.0005ALITA", "--public", "--panels", panel))
	require.NoError(t, err)
	require.EqualValues(t, 10, r.Rounds)
	require.EqualValues(t, 4, r.Seats)
	require.EqualValues(t, 500, r.SeatFee.Int64())
	require.True(t, r.Public)
	require.EqualValues(t, 1, r.Question.Parameters.Columns[0].Bits, "a response is 0 or 1")
	require.EqualValues(t, 7, r.Question.Parameters.Columns[1].Bits)
	require.EqualValues(t, 10, r.Question.Parameters.MaxRounds)

	r, err = compute.ReadRequest(flags(t, "--program", "moments", "--pool", "1", "--columns", "x", "--price", "1ALITA", "--direct"))
	require.NoError(t, err)
	require.True(t, r.Direct)
	require.EqualValues(t, 100, r.DeliverBlocks)
}

func TestRequestRefuses(t *testing.T) {
	good := map[string]string{"program": "moments", "pool": "1", "columns": "speed", "price": "1ALITA"}
	for name, tc := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no program":        {map[string]string{"program": ""}, "--program: expected"},
		"unknown program":   {map[string]string{"program": "mean"}, "moments"},
		"no pool":           {map[string]string{"pool": "0"}, "--pool: expected"},
		"no columns":        {map[string]string{"columns": ""}, "--columns: expected"},
		"no price":          {map[string]string{"price": ""}, "--price: expected"},
		"price of no coin":  {map[string]string{"price": "1"}, "0.5ALITA"},
		"decimals":          {map[string]string{"decimals": "1,2"}, "expected one for all columns or 1"},
		"decimals in words": {map[string]string{"decimals": "one"}, "expected a whole number"},
		"19 decimals":       {map[string]string{"decimals": "19"}, "18"},
		"no bits":           {map[string]string{"bits": "0"}, "1 to 63"},
		"negative bits":     {map[string]string{"bits": "-1"}, "expected a whole number"},
		"no bins":           {map[string]string{"program": "histogram"}, "bins"},
		"bins of no width":  {map[string]string{"program": "histogram", "bins": "3", "width": "0"}, "width"},
		"foreign":           {map[string]string{"program": strings.Repeat("0", 64)}, "--length: expected"},
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

func TestSecureRequestRefuses(t *testing.T) {
	base := []string{"--pool", "1", "--price", "1ALITA"}
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"rounds of moments":  {[]string{"--program", "moments", "--columns", "x", "--rounds", "3"}, "--rounds: expected at most 1, after which moments has its answer, got 3"},
		"direct and rounds":  {[]string{"--program", "logistic", "--columns", "y,x", "--direct"}, "--rounds: expected 1 with direct delivery"},
		"direct and public":  {[]string{"--program", "moments", "--columns", "x", "--direct", "--public"}, "expected none with --direct"},
		"no panel":           {[]string{"--program", "moments", "--columns", "x"}, "--panels: expected at least one in a sum without noise, got none; ask with --noise, or name panels: `alitad query metadata panels POOL` lists them"},
		"seat fee":           {[]string{"--program", "moments", "--columns", "x", "--seat-fee", "5"}, "--seat-fee"},
		"log of no column":   {[]string{"--program", "logistic", "--columns", "y,x", "--log", "z=1"}, "one of --columns"},
		"log without number": {[]string{"--program", "logistic", "--columns", "y,x", "--log", "x"}, "COLUMN=NUMBER"},
		"noise of choice":    {[]string{"--program", "choice", "--columns", "x", "--bins", "2", "--noise"}, "noise: expected none for choice"},
		"wide noise":         {[]string{"--program", "moments", "--columns", "x", "--noise"}, "keep fewer decimals, or state a narrower range"},
		"no rho":             {[]string{"--program", "moments", "--columns", "x", "--rho", "0"}, "--rho: bad parameters: rho: expected 0.000001 to 1000000"},
		"upper alone":        {[]string{"--program", "moments", "--columns", "x", "--upper", "9"}, "--upper: expected none without --noise"},
		"direct and noise":   {[]string{"--program", "histogram", "--columns", "x", "--bins", "3", "--direct", "--noise"}, "expected none with --direct"},
		"no clusters":        {[]string{"--program", "kmeans", "--columns", "x"}, "clusters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := compute.ReadRequest(flags(t, append(tc.args, base...)...))
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// Labels say how a column's texts count; all else of the column follows from them.
func TestLabels(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "contingency", "--pool", "1", "--columns", "species,body_mass_g", "--price", "1ALITA", "--panels", panel,
		"--labels", "species=Adelie,Chinstrap,Gentoo", "--bits", "13", "--lower", "0,2500", "--width", "1,2000", "--bins", "0,2"))
	require.NoError(t, err)
	columns := r.Question.Parameters.Columns
	require.Equal(t, fixedpoint.Labelled([]string{"Adelie", "Chinstrap", "Gentoo"}, false), columns[0].Fixed())
	require.Equal(t, fixedpoint.Column{Bits: 13}, columns[1].Fixed())

	// Two labels are a response of 0 or 1.
	for _, args := range [][]string{nil, {"--bits", "32,13"}} {
		r, err = compute.ReadRequest(flags(t, append([]string{
			"--program", "logistic", "--pool", "1", "--columns", "sex,body_mass_g", "--price", "1ALITA", "--panels", panel,
			"--labels", "sex=FEMALE,MALE",
		}, args...)...))
		require.NoError(t, err)
		require.Equal(t, fixedpoint.Labelled([]string{"FEMALE", "MALE"}, false), r.Question.Parameters.Columns[0].Fixed())
	}

	_, err = compute.ReadRequest(flags(t, "--program", "histogram", "--pool", "1", "--columns", "sex", "--price", "1ALITA", "--labels", "Sex=M"))
	require.ErrorContains(t, err, `--labels: bad parameters: labels: expected the name of a column of the program, got "Sex"`)
}

// A bill shows what the draw of the seats has burned, and nothing if there was no draw.
func TestBillShowsTheDrawFee(t *testing.T) {
	bill := consumer.Bill{PricePerMop: math.NewInt(500_000), DrawFee: math.NewInt(1_500_000)}
	for _, m := range []*consumer.Money{&bill.Budget, &bill.Owners, &bill.Stakers, &bill.SeatsTotal, &bill.Refunded} {
		*m = consumer.Money{Alita: math.ZeroInt(), Data: math.ZeroInt()}
	}
	require.Regexp(t, `draw of the seats, burned +1\.5 +0`, compute.BillText(bill))
	bz, err := json.Marshal(bill)
	require.NoError(t, err)
	require.Contains(t, string(bz), `"draw_fee_burned_ualita":"1500000"`)
	bill.DrawFee = math.ZeroInt()
	require.NotContains(t, compute.BillText(bill), "burned")
}
