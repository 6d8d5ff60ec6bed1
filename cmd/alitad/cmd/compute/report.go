package compute

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// report is the answer of a job and its bill. Amounts are in base units.
type report struct {
	JobID     string                `json:"job_id"`
	Status    string                `json:"status"`
	Failure   string                `json:"failure,omitempty"`
	PoolID    uint64                `json:"pool_id"`
	ProgramID string                `json:"program_id"`
	Program   string                `json:"program"`
	Delivery  string                `json:"delivery"`
	Vdaf      string                `json:"vdaf,omitempty"`
	Columns   []string              `json:"columns"`
	Owners    uint32                `json:"owners"`
	Vectors   int                   `json:"vectors"`
	Rounds    uint32                `json:"rounds"`
	Lost      []lostSeat            `json:"lost_seats,omitempty"`
	Noise     *analysis.NoiseReport `json:"noise,omitempty"`
	Result    *analysis.Result      `json:"result"`
	Slots     []string              `json:"slots"`
	Left      []string              `json:"left_out,omitempty"`
	Bill      consumer.Bill         `json:"bill"`

	data unit
}

// lostSeat is a seat that was replaced.
type lostSeat struct {
	Operator string `json:"operator"`
	Fault    string `json:"fault"`
	Round    uint32 `json:"round"`
	Slashed  string `json:"slashed"`
}

func newReport(ctx context.Context, conn grpc.ClientConnInterface, job types.Job, b consumer.Bill, a consumer.Answer) (report, error) {
	program, err := types.NewQueryClient(conn).Program(ctx, &types.QueryProgramRequest{ProgramId: job.Spec.ProgramId})
	if err != nil {
		return report{}, err
	}
	pool, err := datapooltypes.NewQueryClient(conn).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: job.Spec.PoolId})
	if err != nil {
		return report{}, err
	}
	r := report{
		JobID: job.Id, Status: shortName(job.Status.String(), "JOB_STATUS_"), PoolID: job.Spec.PoolId,
		ProgramID: job.Spec.ProgramId, Program: program.Program.Name, Delivery: shortName(job.Spec.Delivery.String(), "DELIVERY_"), Vdaf: job.Vdaf,
		Columns: job.Spec.Columns, Owners: a.Owners, Vectors: a.Vectors, Rounds: max(job.Round, 1), Result: a.Result, Left: a.LeftOut, Noise: a.Noise,
		Slots: make([]string, 0, len(a.Sum)),
		Bill:  b,
		data:  unit{symbol: pool.Pool.Symbol, base: pool.Pool.DataDenom},
	}
	for _, l := range job.Lost {
		r.Lost = append(r.Lost, lostSeat{Operator: l.Operator, Fault: shortName(l.Fault.String(), "SEAT_FAULT_"), Round: l.Round, Slashed: l.Slashed.String()})
	}
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED {
		r.Failure = shortName(job.Failure.String(), "FAILURE_REASON_")
	}
	for _, v := range a.Sum {
		r.Slots = append(r.Slots, v.String())
	}
	return r, nil
}

func shortName(name, prefix string) string { return strings.ToLower(strings.TrimPrefix(name, prefix)) }

func (r report) print(cmd *cobra.Command, format string) error {
	out := cmd.OutOrStdout()
	if asJSON, _ := cmd.Flags().GetBool(flagJSON); asJSON || format == flags.OutputFormatJSON {
		bz, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, string(bz))
		return err
	}
	if r.Result != nil {
		fmt.Fprintf(out, "%s of %d owners, job %s\n\n", r.Program, r.Owners, r.JobID)
		if err := r.Result.WriteText(out); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	if r.Noise != nil {
		fmt.Fprintf(out, "%s\n\n", r.Noise.Text())
	}
	for _, l := range r.Lost {
		fmt.Fprintf(out, "seat %s was replaced in round %d: %s, slashed by %s\n", l.Operator, l.Round, l.Fault, l.Slashed)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	r.writeBill(w)
	return w.Flush()
}

func (r report) writeBill(w *tabwriter.Writer) {
	writeRow(w, "bill", "rows", "operations", "ALITA", r.data.symbol)
	row := func(name, rows, operations string, m consumer.Money) {
		writeRow(w, name, rows, operations, digits(alita, m.Alita), digits(r.data, m.Data))
	}
	for _, l := range r.Bill.Lines {
		row(l.Owner, fmt.Sprint(l.Rows), fmt.Sprint(l.Operations), l.Owned)
	}
	row("stakers", "", "", r.Bill.Stakers)
	for _, s := range r.Bill.Seats {
		writeRow(w, "seat "+s.Operator, "", "", digits(alita, s.Paid), "0")
	}
	row("returned", "", "", r.Bill.Refunded)
	row("budget", "", fmt.Sprint(r.Bill.Operations), r.Bill.Budget)
	if r.Bill.DrawFee.IsPositive() {
		writeRow(w, "draw of the seats, burned", "", "", digits(alita, r.Bill.DrawFee), "0")
	}
	fmt.Fprintf(w, "\n%s for a million operations\n", alita.format(r.Bill.PricePerMop))
}

// digits is an amount without its symbol.
func digits(u unit, amount math.Int) string {
	return strings.TrimSuffix(u.format(amount), " "+u.symbol)
}

func writeRow(w *tabwriter.Writer, cells ...string) {
	fmt.Fprintln(w, strings.Join(cells, "\t")+"\t")
}
