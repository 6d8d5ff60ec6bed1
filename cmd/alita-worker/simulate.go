package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// simulateFlags are the flags of simulate.
type simulateFlags struct {
	parameters analysis.Parameters
	columns    []string
	labels     []string
	options    simulate.Options
	job        string
	input      string
	rho        string
	length     int
	ranges     []string
	microRho   uint64
	price      int64
	plot       string
	output     outputFlag
}

func newSimulateCommand() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate FILE...",
		Short: "Run a whole job over local files, one for each owner, without a chain",
		Long: `Simulate runs a program over the files of owners, CSV or JSON Lines, round after round until it is done, and prints what the
payer would read and what each owner would be paid for. Only the sum of the owners' vectors goes into the answer; with --seats it
is made of shares, as in the network, which changes nothing of it. Owners can be lost before they contribute, and add noise.

A column is written NAME or NAME:key=value,... with the keys offset, decimals and bits (how its values become whole numbers:
(value - offset) * 10^decimals, below 2^bits), for some programs lower, width and bins, log, or scale, and with --rho lower and
upper, the ends of its range.`,
		Example: "alita-worker simulate --program contingency --column species --column island --labels species=Adelie,Chinstrap,Gentoo \\\n" +
			"    --labels island=Biscoe,Dream,Torgersen --seats 3 --lose 2 *.csv\n" +
			"alita-worker simulate --program linear --column y:bits=14 --column x:decimals=1,bits=10 a.csv b.csv c.csv\n" +
			"alita-worker simulate --program logistic --column vote:bits=1 --column popul:decimals=1,bits=17,log=0.1 --column age:bits=7 *.csv\n" +
			"alita-worker simulate --program program.wasm --column x:bits=10 --length 2 --input own.bin a.csv b.csv",
		Args: cobra.MinimumNArgs(1),
		RunE: f.run,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.parameters.Program, "program", "", "a program that ships, or a .wasm file")
	flags.StringArrayVar(&f.columns, "column", nil, "column that the program reads; give one flag for each, in its order")
	flags.StringArrayVar(&f.labels, "labels", nil, "COLUMN=LABEL,LABEL,... reads the column's texts as these labels, in this order, each of which counts as 0, 1 and so on; "+
		"a * at the end makes a category of all other texts, which else count as missing")
	flags.IntVar(&f.options.Seats, "seats", 0, "share each vector among so many seats, 2 to 8 (default: add the vectors up)")
	flags.StringSliceVar(&f.options.Lose, "lose", nil, "owners that are lost before they contribute: their files, or how many")
	flags.StringVar(&f.rho, "rho", "", "ask for noise that hides each row, which discloses so much of itself; every program but choice (default: an exact sum)")
	flags.StringVar(&f.job, "job", "", "file with program, columns and the rest as JSON, instead of the flags")
	flags.Uint64Var(&f.parameters.MaxRows, "max-rows", analysis.DefaultMaxRows, "the most rows of one owner that the job is made for")
	flags.IntVar(&f.parameters.MaxRounds, "max-rounds", 0, "the most rounds (default: the program's own bound)")
	flags.StringSliceVar(&f.parameters.Quantiles, "quantiles", nil, "quantiles: which, as in 0.25,0.5,0.75")
	flags.IntVar(&f.parameters.Clusters, "clusters", 0, "kmeans: number of clusters")
	flags.Uint64Var(&f.parameters.Seed, "seed", 0, "kmeans: what the first centroids are drawn from")
	flags.StringVar(&f.input, "input", "", "file with the bytes that follow the header of the input of a program that does not ship")
	flags.IntVar(&f.length, "length", 0, "slots of the vector of a program that does not ship")
	flags.StringArrayVar(&f.ranges, "range", nil, "slots of a row program's vector: COUNT:LOW:HIGH or COUNT:LOW:HIGH:VARIANCE, one flag for each range in their order; "+
		"the first begins with slot 0, from 0 to 1")
	flags.Uint64Var(&f.microRho, "micro-rho", 0, "what a row of a row program may disclose, in millionths of rho; a row whose slots are too long for it adds nothing")
	flags.Int64Var(&f.price, "price", 0, "price of a million operations, in ualita, for the bill")
	flags.StringVar(&f.plot, "plot", "", "file to draw the answer to, as SVG")
	f.output.add(flags)
	return cmd
}

func (f *simulateFlags) run(cmd *cobra.Command, files []string) error {
	return withSandbox(cmd.Context(), func(box *sandbox.Sandbox) error { return f.runIn(box, cmd, files) })
}

func (f *simulateFlags) runIn(box *sandbox.Sandbox, cmd *cobra.Command, files []string) error {
	ctx := cmd.Context()
	session, err := f.session()
	if err != nil {
		return err
	}
	model, err := simulate.CostModel(ctx, box, session)
	if err != nil {
		return err
	}
	f.options.Progress = func(round int, job analysis.Job) {
		cmd.PrintErrf("round %d: %d slots of %d bits\n", round, job.Length, job.Bits)
	}
	outcome, err := simulate.Run(ctx, box, session, model, files, f.options)
	if err != nil {
		return err
	}
	report := simulateReport{Outcome: outcome, PricePerMop: f.price}
	fees, err := outcome.Fees(math.NewInt(f.price))
	if err != nil {
		return err
	}
	for _, fee := range fees {
		report.Fees = append(report.Fees, fee.String())
	}
	if f.plot != "" {
		svg, err := outcome.Result.SVG()
		if err != nil {
			return fmt.Errorf("--plot: %w", err)
		}
		if err := os.WriteFile(f.plot, svg, 0o644); err != nil { //nolint:gosec // a drawing for others to see
			return err
		}
	}
	if f.output.json {
		return writeJSON(cmd.OutOrStdout(), report)
	}
	return report.write(cmd.OutOrStdout())
}

// session makes the session that the flags ask for.
func (f *simulateFlags) session() (analysis.Session, error) {
	p, err := f.question()
	if err != nil {
		return nil, err
	}
	code, shipped, err := readProgram(p.Program)
	if err != nil {
		return nil, err
	}
	if shipped != nil && !shipped.Row {
		p.Program = shipped.Name
		return analysis.NewSession(p)
	}
	var own []byte
	if f.input != "" {
		if own, err = os.ReadFile(f.input); err != nil {
			return nil, err
		}
	}
	form, err := metering.Inspect(code, metering.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if form == nil {
		return analysis.NewForeignSession(p.Program, code, p.Columns, own, f.length)
	}
	if len(f.ranges) == 0 {
		return nil, errors.New("--range: expected those of the slots of a row program, as in --range 1:0:1 --range 2:-100:100, got none")
	}
	var ranges terms.Ranges
	for _, text := range f.ranges {
		r, err := terms.ParseSlotRange(text)
		if err != nil {
			return nil, fmt.Errorf("--range: %w", err)
		}
		ranges = append(ranges, r)
	}
	return analysis.NewRowSession(p.Program, code, p.Columns, own, ranges, f.microRho)
}

// question returns the parameters of the flags, or of the file of --job, with the columns of the flags.
func (f *simulateFlags) question() (analysis.Parameters, error) {
	p := f.parameters
	if f.job != "" {
		text, err := os.ReadFile(f.job)
		if err != nil {
			return analysis.Parameters{}, err
		}
		p = analysis.Parameters{}
		if err := json.Unmarshal(text, &p); err != nil {
			return analysis.Parameters{}, fmt.Errorf("--job: %w", err)
		}
	}
	if f.rho != "" {
		var err error
		if p.MicroRho, err = analysis.ParseRho(f.rho); err != nil {
			return analysis.Parameters{}, fmt.Errorf("--rho: %w", err)
		}
	}
	if f.options.Seats > 0 {
		p.Seats = uint32(f.options.Seats)
	}
	for _, text := range f.columns {
		c, err := analysis.ParseColumn(text)
		if err != nil {
			return analysis.Parameters{}, fmt.Errorf("--column: %w", err)
		}
		p.Columns = append(p.Columns, c)
	}
	if err := analysis.SetLabels(p.Columns, f.labels); err != nil {
		return analysis.Parameters{}, fmt.Errorf("--labels: %w", err)
	}
	if p.Program == "" {
		return analysis.Parameters{}, errors.New("--program: expected the name of a program that ships or a .wasm file, got none")
	}
	return p, nil
}

// simulateReport is the output of simulate.
type simulateReport struct {
	simulate.Outcome
	PricePerMop int64 `json:"price_per_million_operations_ualita"`
	// Fees are what each owner is paid, in ualita.
	Fees []string `json:"fees_ualita"`
}

func (s simulateReport) write(w io.Writer) error {
	if err := s.Result.WriteText(w); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\n%d slots of %d bits, %d bits in a contribution\n\n", s.Length, s.Bits, s.Length*s.Bits); err != nil {
		return err
	}
	if s.Noise != nil {
		if _, err := fmt.Fprintf(w, "%s\n\n", s.Noise.Text()); err != nil {
			return err
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "owner\trows\toperations\tualita")
	for i, o := range s.Owners {
		lost := ""
		if o.Lost {
			lost = "\tlost"
		}
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%s%s\n", o.File, o.Rows, o.Operations, s.Fees[i], lost)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if err := s.writeRows(w); err != nil {
		return err
	}
	return s.writeUnfit(w)
}

// writeRows says how the rows of a row program went.
func (s simulateReport) writeRows(w io.Writer) error {
	for _, o := range s.Owners {
		r := o.Report
		if r == nil {
			continue
		}
		if _, err := fmt.Fprintf(w, "\n%s: rows that added nothing: %d trapped, %d took more operations than a row is granted, %d were too long; the others took %d to %d operations\n",
			o.File, r.Trapped, r.OutOfOperations, r.TooLong, r.Least, r.Most); err != nil {
			return err
		}
	}
	return nil
}

// writeUnfit says which cells are not read as they stand.
func (s simulateReport) writeUnfit(w io.Writer) error {
	for _, o := range s.Owners {
		for _, u := range o.Unfit {
			text := u.Text()
			if u.NoNumber > 0 {
				text += "; if the column holds texts, list those that are to count, as in --labels COLUMN=FIRST,SECOND,THIRD"
			}
			if _, err := fmt.Fprintf(w, "\n%s: %s\n", o.File, text); err != nil {
				return err
			}
		}
	}
	return nil
}
