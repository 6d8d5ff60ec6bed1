package compute

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
)

const (
	flagPlot = "plot"
	flagJSON = "json"
)

// NewComputeCmd returns the commands that run a program over the records of a
// pool and show its answer.
func NewComputeCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compute",
		Short: "Run a program over the records of a pool",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(runCmd(), resultCmd())
	return cmd
}

func runCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Open a job, wait for it, and show its answer and bill",
		Long: `Open a job, wait for it, and show its answer and bill.

What it pays for, and what it shows, is proved by the chain, from a header that the home keeps: see ` + "`alitad trust`" + `.

Each owner's vector is shared among validators' seats, and only the sum over the owners becomes readable. Every seat's sum is
opened here and verified against the owners' commitments; a wrong one is disputed, which costs the seat its bond. Programs that
need several rounds (quantiles, logistic, kmeans) get them, each with the input that follows from the sum of the one before.
With --direct every owner's own vector is read instead, if the owners' grants allow it.

A sum over whoever comes has noise, which hides each row (--noise). An exact sum is over panels: fixed groups of owners who have
all signed what may be asked (--panels).

The answer is sealed to a key made for this job, which is kept in the home directory until the answer was shown and the
chain has proved that the job is over. If this command is interrupted, ` + "`alitad compute result JOB`" + ` goes on where it was, in whatever round.

A dispute publishes the key of the job: what was sealed to it, sums over all owners, becomes readable to everybody.

Values are whole numbers for programs: (value - offset) * 10^decimals, exactly. The lowest value of a column should be at
or above --offset, no value should have more than --decimals decimals, and the greatest should fit --bits.`,
		Example: "alitad compute run --program moments --pool 1 --panels PANEL --columns speed_km_s --price 0.5ALITA --from consumer\n" +
			"alitad compute run --program histogram --pool 2 --noise --columns body_mass_g --lower 2500 --width 250 --bins 16 --price 0.5ALITA --from consumer\n" +
			"alitad compute run --program logistic --pool 3 --noise --columns vote,age,educ --bits 1,7,3 --max-rows 1000 --price 0.5ALITA --plot vote.svg --from consumer",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := readRequest(cmd.Flags())
			if err != nil {
				return err
			}
			clientCtx, err := client.GetClientTxContext(cmd)
			if err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return run(ctx, cmd, clientCtx, r)
		},
	}
	addRequestFlags(cmd.Flags())
	addCheckNodeFlag(cmd.Flags())
	trust.AddFlags(cmd)
	cmd.Flags().String(flagPlot, "", "draw the answer to this SVG file")
	flags.AddTxFlagsToCmd(cmd)
	addOutputFlags(cmd)
	return cmd
}

func resultCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "result JOB",
		Short: "Go on with a job that was opened here, and show its answer and bill",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			saved, err := consumer.ReadSaved(client.GetClientContextFromCmd(cmd).HomeDir, args[0])
			if err != nil {
				return err
			}
			if saved.From != "" && !cmd.Flags().Changed(flags.FlagFrom) {
				if err := cmd.Flags().Set(flags.FlagFrom, saved.From); err != nil {
					return err
				}
			}
			if cmd.Flags().Changed(flagCheckNode) {
				if saved.CheckNodes, err = cmd.Flags().GetStringArray(flagCheckNode); err != nil {
					return err
				}
			}
			clientCtx, err := client.GetClientTxContext(cmd)
			if err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return resume(ctx, cmd, clientCtx, saved)
		},
	}
	addCheckNodeFlag(cmd.Flags())
	trust.AddFlags(cmd)
	flags.AddTxFlagsToCmd(cmd)
	addOutputFlags(cmd)
	return cmd
}

// addOutputFlags says how the answer is shown.
func addOutputFlags(cmd *cobra.Command) {
	cmd.Flags().Bool(flagJSON, false, "show the answer as JSON, as --output json does")
	textByDefault(cmd)
}

// interruptible ends with the command or at a signal.
func interruptible(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
}

// textByDefault makes the answer readable unless JSON is asked for.
func textByDefault(cmd *cobra.Command) {
	if f := cmd.Flags().Lookup(flags.FlagOutput); f != nil {
		f.DefValue = flags.OutputFormatText
		_ = f.Value.Set(flags.OutputFormatText)
	}
}

const flagCheckNode = "check-node"

func addCheckNodeFlag(f *pflag.FlagSet) {
	f.StringArray(flagCheckNode, nil, "RPC address of another node, whose commitments, sums and job must be the same as those of --node before anything is accepted or disputed; several are possible")
}
