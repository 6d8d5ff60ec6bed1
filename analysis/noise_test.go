package analysis_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
)

// By the table of the paper's bound, computed apart: 0.81 at rho 0.01, 2.72 at 0.1, 6.47 at 0.5, 9.52 at 1, 14.2 at 2.
func TestEpsilon(t *testing.T) {
	for microRho, want := range map[uint64]float64{1_000: 0.25, 10_000: 0.81, 100_000: 2.72, 500_000: 6.47, 1_000_000: 9.52, 2_000_000: 14.2} {
		got := analysis.Epsilon(microRho, 1e-9)
		require.InDelta(t, want, got, 0.05)
		// The older bound of Bun and Steinke, rho + 2 sqrt(rho log(1/delta)), is larger.
		rho := float64(microRho) / 1e6
		require.Less(t, got, rho+2*math.Sqrt(rho*math.Log(1e9)))
	}
	require.Equal(t, "rho 0.1 (epsilon 2.72 at delta 1e-09)", analysis.RhoText(100_000))
}

func noisedJob(t *testing.T, p analysis.Parameters) (analysis.Noised, analysis.Job) {
	t.Helper()
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	return s.(analysis.Noised), s.Job()
}

// length is the length of a row that fills all slots of each range as often as given, slot by slot.
func length(t *testing.T, ranges terms.Ranges, filled ...int) (sum uint64) {
	t.Helper()
	for i, r := range ranges {
		l, fits := terms.SlotLength(max(-r.Low, r.High), r.Variance)
		require.True(t, fits)
		sum += l * uint64(filled[i])
	}
	return sum
}

// The row with the greatest slots is just within the budget: it is admitted, and no noise is wasted.
func TestRangesOfNoisedJobs(t *testing.T) {
	for name, p := range map[string]analysis.Parameters{
		"moments": {Program: "moments", Columns: []analysis.Column{{Name: "x", Offset: 2000, Bits: 13, Lower: "2000", Upper: "7000"}}},
		"bits":    {Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 10}, {Name: "y", Bits: 4}}},
		"narrow":  {Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 1}}},
		"linear":  {Program: "linear", Columns: []analysis.Column{{Name: "y", Bits: 13, Upper: "5000"}, {Name: "x", Bits: 8, Lower: "100"}, {Name: "z", Bits: 1}}},
		"histogram": {
			Program: "histogram", Columns: []analysis.Column{{Name: "x", Bits: 13, Lower: "0", Width: "100", Bins: 10}},
		},
		"quantiles":   {Program: "quantiles", Quantiles: []string{"0.25", "0.5"}, Columns: []analysis.Column{{Name: "x", Bits: 13, Upper: "5000"}}},
		"logistic":    {Program: "logistic", Columns: []analysis.Column{{Name: "y", Bits: 1}, {Name: "x", Bits: 8, Upper: "200"}, {Name: "z", Bits: 9, Log: "1"}}},
		"kmeans":      {Program: "kmeans", Clusters: 2, Columns: []analysis.Column{{Name: "x", Bits: 13, Upper: "5000"}, {Name: "z", Bits: 5, Scale: "2"}}},
		"contingency": {Program: "contingency", Columns: []analysis.Column{{Name: "x", Labels: []string{"a", "b"}}, {Name: "y", Labels: []string{"a", "b", "c"}}}},
	} {
		for _, microRho := range []uint64{100, 10_000, 100_000, 1_000_000} {
			p.MicroRho = microRho
			_, job := noisedJob(t, p)
			require.NoError(t, job.Ranges.Validate(uint32(job.Length), microRho), name)
			filled := make([]int, len(job.Ranges))
			for i, r := range job.Ranges {
				filled[i] = int(r.Count)
			}
			switch p.Program {
			case "histogram", "contingency":
				filled = []int{1, 1} // a row is in one place
			case "quantiles":
				filled = []int{1, 2} // of each of two ranges
			case "kmeans":
				filled = []int{1, 1, 0, 1, 1, 1} // left out or in one of two clusters: the noise is for both
				filled = append(filled, make([]int, len(job.Ranges)-len(filled))...)
			}
			least := float64(0)
			for _, r := range job.Ranges {
				least += float64(max(-r.Low, r.High)) * 0
			}
			got, budget := length(t, job.Ranges, filled...), terms.RowBudget(microRho)
			require.LessOrEqual(t, got, budget, "%s at %d", name, microRho)
			if microRho <= 10_000 { // the least variance is far away
				require.Greater(t, float64(got), 0.97*float64(budget)+least, "%s at %d", name, microRho)
			}
		}
	}
	// The range, not the bits, decides.
	p := analysis.Parameters{Program: "moments", MicroRho: 100_000, Columns: []analysis.Column{{Name: "x", Bits: 13, Lower: "100", Upper: "300"}}}
	_, job := noisedJob(t, p)
	require.EqualValues(t, -100, job.Ranges[2].Low)
	require.EqualValues(t, 100, job.Ranges[2].High)
	require.EqualValues(t, -5_000, job.Ranges[3].Low)
	require.EqualValues(t, 5_000, job.Ranges[3].High)
}

func TestNoisedSessionsRefuse(t *testing.T) {
	x := analysis.Column{Name: "x", Bits: 10}
	for name, tc := range map[string]struct {
		p    analysis.Parameters
		says string
	}{
		"choice":         {analysis.Parameters{Program: "choice", Columns: []analysis.Column{{Name: "x", Bits: 10, Lower: "0", Width: "1", Bins: 2}}}, "noise: expected none for choice"},
		"kmeans, lower":  {analysis.Parameters{Program: "kmeans", Clusters: 2, Columns: []analysis.Column{{Name: "x", Bits: 10, Lower: "7"}}}, "lower: expected none for kmeans, whose columns begin at their offset"},
		"response":       {analysis.Parameters{Program: "logistic", Columns: []analysis.Column{{Name: "y", Bits: 1, Upper: "1"}, x}}, "upper: expected none for a response of 0 or 1"},
		"upper of a log": {analysis.Parameters{Program: "logistic", Columns: []analysis.Column{{Name: "y", Bits: 1}, {Name: "x", Bits: 4, Upper: "0"}}}, "upper: expected above the offset"},
		"log of means":   {analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 4, Log: "1"}}}, "log: expected none"},
		"no quantile":    {analysis.Parameters{Program: "quantiles", Columns: []analysis.Column{x}}, "quantiles: expected 1 to 64, got 0"},
		"wide":           {analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 20}}}, "keep fewer decimals, or state a narrower range"},
		"empty range":    {analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 10, Lower: "7", Upper: "7"}}}, "expected a lower end below the upper end"},
		"out of bits":    {analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 10, Upper: "1024"}}}, "range: out of range"},
		"upper and bins": {analysis.Parameters{Program: "histogram", Columns: []analysis.Column{{Name: "x", Bits: 10, Upper: "7", Bins: 3, Lower: "0", Width: "1"}}}, "upper: expected none"},
		"too much rho":   {analysis.Parameters{Program: "moments", MicroRho: terms.MaxMicroRho + 1, Columns: []analysis.Column{x}}, "micro_rho: expected at most"},
	} {
		if tc.p.MicroRho == 0 {
			tc.p.MicroRho = 100_000
		}
		_, err := analysis.NewSession(tc.p)
		require.ErrorContains(t, err, tc.says, name)
	}
	_, err := analysis.NewSession(analysis.Parameters{Program: "moments_row", Columns: []analysis.Column{x}})
	require.ErrorContains(t, err, "program: expected moments with noise")
	_, err = analysis.NewSession(analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 10, Upper: "7"}}})
	require.ErrorContains(t, err, "upper: expected none for moments")
}

// Before anything is paid: what error to expect, and a plain no if the noise leaves nothing.
func TestExpect(t *testing.T) {
	p := analysis.Parameters{
		Program: "histogram", MicroRho: 100_000, Seats: 5, Columns: []analysis.Column{{Name: "x", Bits: 13, Lower: "0", Width: "100", Bins: 10}},
	}
	s, _ := noisedJob(t, p)
	got, err := s.Expect(1000)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.InDelta(t, math.Sqrt(5*6), got[0].Error, 1e-9) // 1 / (2 rho) = 5, and a 64th for the rows
	require.Equal(t, "each count: noise with a standard deviation of 5.48", got[0].Text())
	_, err = s.Expect(54)
	require.ErrorIs(t, err, analysis.ErrNoise)
	require.ErrorContains(t, err, "rows: expected at least 55, with which")
	_, err = s.Expect(55)
	require.NoError(t, err)

	p = analysis.Parameters{Program: "moments", MicroRho: 100_000, Seats: 5, Columns: []analysis.Column{{Name: "x", Bits: 13}}}
	s, _ = noisedJob(t, p)
	_, err = s.Expect(40)
	require.ErrorIs(t, err, analysis.ErrNoise)
	less, err := s.Expect(1000)
	require.NoError(t, err)
	p.Seats = 20
	s, _ = noisedJob(t, p)
	more, err := s.Expect(4000)
	require.NoError(t, err)
	for i := range less {
		// Four times the rows, and twice the noise.
		require.InEpsilon(t, less[i].Error/2, more[i].Error, 1e-9)
	}
}

// What is said of the rest: by hand, without the little that the counted rows take of the noise.
func TestExpectOfRounds(t *testing.T) {
	x := analysis.Column{Name: "x", Bits: 10}
	for name, tc := range map[string]struct {
		p    analysis.Parameters
		few  uint64
		says string
		rows uint64
		want []float64
	}{
		// A slot of each of two ranges: sigma^2 = 2 / (2 rho) = 10, 22 slots of it in the rank, of 5 seats.
		"quantiles": {
			analysis.Parameters{Program: "quantiles", MicroRho: 100_000, Seats: 5, Quantiles: []string{"0.5", "0.25"}, Columns: []analysis.Column{x}},
			300, "quantile 0.25: too few rows for the noise: rows: expected at least ", 1000,
			[]float64{math.Sqrt(5 * 10 * 22 * 0.5), math.Sqrt(5 * 10 * 22 * 0.625)},
		},
		// Gradients of 1, informations of 1/4 with half of the weight: sigma^2 = (2 + 3/8) / (2 rho), in z; x is 1023 z.
		"logistic": {
			analysis.Parameters{Program: "logistic", MicroRho: 1_000_000, Seats: 5, Columns: []analysis.Column{{Name: "y", Bits: 1}, {Name: "x", Bits: 10, Upper: "1023"}}},
			500, "rows: expected at least ", 10_000,
			[]float64{math.Sqrt(5*2.375/2*1.25) / (10_000.0 / 144) / 1023},
		},
		// A count with half of the weight and a sum: sigma^2 = 2 * 1.5 / (2 rho) and 1.5 / (2 rho) of the range's square; half of the rows are in each of
		// two clusters.
		"kmeans": {
			analysis.Parameters{Program: "kmeans", MicroRho: 100_000, Seats: 5, Clusters: 2, Columns: []analysis.Column{x}},
			20, "rows: expected at least ", 1000,
			[]float64{math.Sqrt(5 * 15), 1023 * math.Sqrt(5*(7.5+15.0/4)) / 500},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := noisedJob(t, tc.p)
			_, err := s.Expect(tc.few)
			require.ErrorIs(t, err, analysis.ErrNoise)
			require.ErrorContains(t, err, tc.says)
			got, err := s.Expect(tc.rows)
			require.NoError(t, err)
			require.Len(t, got, len(tc.want))
			for i, e := range got {
				require.InEpsilon(t, tc.want[i], e.Error, 0.15, e.Name)
			}
		})
	}
}
