package simulate_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// lossRuns is how often each answer is drawn, with and without the row.
func lossRuns() int {
	if fullNoise {
		return 100_000
	}
	return 20_000
}

// cells is a source of rows of one column.
type cells struct {
	values []int64
	read   bool
}

func (c *cells) Columns() int { return 1 }

func (c *cells) Next(context.Context) (sandbox.Batch, error) {
	if c.read {
		return sandbox.Batch{}, io.EOF
	}
	c.read = true
	return sandbox.Batch{Rows: len(c.values), Columns: []sandbox.Column{{Values: c.values, Valid: slices.Repeat([]byte{1}, len(c.values))}}}, nil
}

// allSeats is the number of seats of a job.
const allSeats = 3

// answers draws the answer over some rows of one owner again and again: the real host runs the program, and the seats add noise. If all other
// owners and all seats but one work together, they take away from the sum what they have handed in, and the noise of the one seat is all that is
// left; what they know in addition is in TestColludingSeats. If they do not, the noise of the others hides the row as well; that is drawn less often.
func answers(t *testing.T, code, input []byte, sum terms.SecureSum, together bool, seed uint64, values ...int64) [][]float64 {
	t.Helper()
	box := newBox(t)
	p, err := box.Compile(t.Context(), code)
	require.NoError(t, err)
	vector := func(values ...int64) []uint64 {
		got, err := box.RunRows(t.Context(), p, sandbox.RowJob{
			Shape: sandbox.Shape{Columns: 1, Length: int(sum.Length)}, Input: input, Base: 1_000_000, Row: 100_000, Ranges: sum.Ranges, MicroRho: sum.MicroRho,
		}, &cells{values: values})
		require.NoError(t, err)
		sum.Ranges.Shift(uint64(len(values)), got.Vector)
		slots := make([]uint64, len(got.Vector))
		for i, v := range got.Vector {
			slots[i] = uint64(v)
		}
		return slots
	}
	own, runs := vector(values...), lossRuns()
	sum.Seats = 1
	if !together {
		sum.Seats = allSeats
		runs /= allSeats
	}
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	out := make([][]float64, runs)
	for i := range out {
		total := make([]*big.Int, sum.Length)
		for j, v := range own {
			total[j] = new(big.Int).SetUint64(v)
		}
		for range sum.Noises() {
			noise, err := sum.Ranges.Noise(random)
			require.NoError(t, err)
			for j, x := range noise {
				total[j].Add(total[j], new(big.Int).SetUint64(x))
			}
		}
		answer, err := sum.Reveal(total, uint64(len(values)))
		require.NoError(t, err)
		out[i] = make([]float64, sum.Length)
		for j, v := range answer {
			out[i][j] = float64(v.Int64())
		}
	}
	return out
}

// lossOf measures how well a row can be told from its absence by its best statistic, the sum of v_j y_j / sigma_j^2. The first result is the
// loss of Gaussian noise with the distance and the spread that are met, in rho. The second is what the threshold that tells most proves with
// certainty, as a part of what is stated: for a loss of rho every event with the probabilities p with and q without the row has
// p^a q^(1-a) <= exp(a (a-1) rho) for every a above 1 (M. Bun, T. Steinke, 2016). It takes p at least and q at most 6 standard deviations away
// from what is met.
func lossOf(with, without [][]float64, v []float64, variances []float64, rho float64) (met, proven float64) {
	statistic := func(all [][]float64) []float64 {
		out := make([]float64, len(all))
		for i, y := range all {
			for j := range y {
				out[i] += v[j] * y[j] / variances[j]
			}
		}
		slices.Sort(out)
		return out
	}
	a, b := statistic(with), statistic(without)
	mean := func(x []float64) (m, variance float64) {
		for _, f := range x {
			m += f / float64(len(x))
		}
		for _, f := range x {
			variance += (f - m) * (f - m) / float64(len(x))
		}
		return m, variance
	}
	ma, va := mean(a)
	mb, vb := mean(b)
	met = (ma - mb) * (ma - mb) / (va + vb)
	const z = 6.0
	n := float64(len(a))
	bound := func(p, side float64) float64 { // E. Wilson's interval, 1927
		return (p + z*z/(2*n) + side*z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
	}
	for k := 1; k < 400; k++ {
		threshold := a[k*len(a)/400]
		above := func(x []float64) float64 { i, _ := slices.BinarySearch(x, threshold); return 1 - float64(i)/n }
		p, q := bound(above(a), -1), bound(above(b), 1)
		for _, order := range []float64{1.25, 1.5, 2, 3, 4, 8, 16, 32} {
			proven = max(proven, (order*math.Log(p)+(1-order)*math.Log(q))/(order*(order-1))/rho)
		}
	}
	return met, proven
}

// TestLoss: for three programs, one of which fills every slot, no event tells the row from its absence better than the stated rho allows, and
// the noise is not larger than it must be. The same test finds noise of half the deviation.
func TestLoss(t *testing.T) {
	fill, err := os.ReadFile("../../sandbox/testdata/fill.wasm")
	require.NoError(t, err)
	column := fixedpoint.Column{Bits: 10}
	header, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{column})
	require.NoError(t, err)
	session := func(p analysis.Parameters) (programs.Program, analysis.Job) {
		s, err := analysis.NewSession(p)
		require.NoError(t, err)
		return s.Program(), s.Job()
	}
	x := analysis.Column{Name: "x", Bits: 10}
	for i, tc := range []struct {
		name string
		make func(microRho uint64) (code, input []byte, ranges terms.Ranges)
		row  int64 // that is there or not
	}{
		{"moments, an end of the range", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			p, job := session(analysis.Parameters{Program: "moments", MicroRho: microRho, Columns: []analysis.Column{x}})
			return p.Code, job.Input, job.Ranges
		}, 1023},
		{"histogram", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			c := x
			c.Lower, c.Width, c.Bins = "0", "128", 4
			p, job := session(analysis.Parameters{Program: "histogram", MicroRho: microRho, Columns: []analysis.Column{c}})
			return p.Code, job.Input, job.Ranges
		}, 300},
		// Seven slots of 1 and the rows used: 8 / sigma^2 is at most 2 rho.
		{"every slot filled", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			variance := uint64(math.Ceil(8 / (2 * float64(microRho) / 1e6 * (1 - 1e-9))))
			return fill, header, terms.Ranges{{Count: 1, High: 1, Variance: variance}, {Count: 7, Low: -1, High: 1, Variance: variance}}
		}, 1},
	} {
		for _, microRho := range []uint64{50_000, 100_000} {
			t.Run(fmt.Sprint(tc.name, " ", microRho), func(t *testing.T) {
				code, input, ranges := tc.make(microRho)
				sum := terms.SecureSum{Length: uint32(ranges.Length()), Ranges: ranges, MicroRho: microRho}
				rows := []int64{5, 700, 512}
				seed := uint64(10*i) + microRho/50_000
				alone := answersExactly(t, code, input, sum, tc.row)
				require.NotZero(t, alone[0], "the row is used")
				var variances []float64
				rho, stated := float64(microRho)/1e6, 0.0
				for _, r := range ranges {
					for range r.Count {
						v := alone[len(variances)]
						stated += v * v / (2 * float64(r.Variance))
						variances = append(variances, float64(r.Variance))
					}
				}
				require.LessOrEqual(t, stated, rho)
				require.Greater(t, stated, 0.8*rho, "not much more noise than is needed")
				for _, together := range []bool{true, false} {
					with := answers(t, code, input, sum, together, seed, append(slices.Clone(rows), tc.row)...)
					without := answers(t, code, input, sum, together, seed+1000, rows...)
					want, who := stated, "against all other owners and seats"
					if !together {
						want, who = stated/allSeats, "against the reader alone"
					}
					met, proven := lossOf(with, without, alone, variances, rho)
					// The distance between the means has a standard deviation of sqrt(2 / runs) spreads, and is sqrt(2 want) of them.
					deviation := 2 * want / math.Sqrt(float64(len(with))*want)
					t.Logf("| %s | %g | %s | %.4f | %.4f | %.4f | %.2f of it |", tc.name, rho, who, want, met, deviation, proven)
					require.LessOrEqual(t, proven, 1.0)
					require.InDelta(t, want, met, 5*deviation)
					if !together {
						continue
					}
					// The control: the same with noise of a quarter of the variance loses four times as much, and that is found.
					for _, all := range [][][]float64{with, without} {
						middle := centre(all)
						for _, y := range all {
							for j := range y {
								y[j] = middle[j] + (y[j]-middle[j])/2
							}
						}
					}
					met, proven = lossOf(with, without, alone, variances, rho)
					require.Greater(t, proven, 1.0, "the test would find it")
					require.Greater(t, met, want+20*deviation, "the test would find it")
				}
			})
		}
	}
}

// TestColludingSeats: two of three seats, who know the verification key, the messages, their own noise and their shares of an owner's contribution
// and of the third seat's noise, and with the reader the sum, cannot tell that owner's vector from any other by their shares, and are left with the
// vector and the third seat's noise.
func TestColludingSeats(t *testing.T) {
	const microRho, seats = 100_000, 3
	ranges := terms.Ranges{{Count: 4, High: 1, Variance: 6}}
	sum := terms.SecureSum{
		Session: securesum.Session{Chain: "test", Job: "0", Round: 1, Attempt: 1}, Draft: securesum.Draft, Length: 4, Seats: seats, Bits: 8,
		Ranges: ranges, MicroRho: microRho,
	}
	protocol, err := sum.Protocol(terms.Program{Kind: terms.VectorSum, Bits: 8, Row: true})
	require.NoError(t, err)
	ofNoise, _ := protocol.Noise()
	var private []seal.PrivateKey
	var public []seal.PublicKey
	for i := range seats {
		key, err := seal.ParsePrivateKey(bytes.Repeat([]byte{byte(i + 1)}, 32))
		require.NoError(t, err)
		private = append(private, key)
		public = append(public, private[i].Public())
	}
	runs := 40
	if fullNoise {
		runs = 400
	}
	random := rand.NewChaCha8([32]byte{9})
	verifyKey := make([]byte, securesum.SecretSize)
	const buckets = 16
	worlds := [2][]uint64{{3, 1, 2, 0}, {4, 1, 2, 1}} // without and with a row
	for honest := range seats {
		var counts [2][2][seats][buckets]float64 // of the contribution and of the honest seat's noise, without and with the row
		for run := range runs {
			for world, vector := range worlds {
				_, _ = random.Read(verifyKey)
				sums, commitments := make([]*securesum.Sum, seats), make([][]byte, seats)
				for i := range sums {
					sums[i] = protocol.NewSum()
				}
				hand := func(p securesum.Protocol, of securesum.Contribution, vector []uint64, count *[seats][buckets]float64) {
					secret := make([]byte, securesum.SecretSize)
					_, _ = random.Read(secret)
					shared, _, err := p.Share(of, public, vector, secret)
					require.NoError(t, err)
					said, prepared := make([][]byte, seats), make([]securesum.Prepared, seats)
					for i := range seats {
						said[i], prepared[i], err = p.Prepare(of, shared, verifyKey, i, private[i])
						require.NoError(t, err)
						commitments[i], err = securesum.AddCommitments(commitments[i], shared.Commitments[i])
						require.NoError(t, err)
					}
					message, err := p.Combine(of, shared.PublicShare, said)
					require.NoError(t, err)
					for i := range seats {
						require.NoError(t, sums[i].Add(prepared[i], message))
						if count == nil || i == honest {
							continue
						}
						one := protocol.NewSum()
						require.NoError(t, one.Add(prepared[i], message))
						share := one.Opening()
						for slot := range 4 {
							count[i][share[slot*((len(share)-32)/4)]%buckets]++
						}
					}
				}
				hand(protocol, securesum.Contribution{Record: fmt.Sprintf("%032x", run), Version: "1.0.0", Owner: []byte("owner")}, vector, &counts[0][world])
				want := slices.Clone(vector)
				known := make([]uint64, 4)
				for i := range seats {
					noise, err := ranges.Noise(random)
					require.NoError(t, err)
					count := &counts[1][world]
					add := want
					if i != honest {
						count, add = nil, known
					}
					for j, x := range noise {
						add[j] += x
					}
					hand(ofNoise, terms.NoiseOf(fmt.Sprint("operator", i)), noise, count)
				}
				shares := make([][]byte, seats)
				for i := range seats {
					shares[i], err = protocol.VerifyOpening(commitments[i], 1, sums[i].Opening())
					require.NoError(t, err)
				}
				left, err := protocol.Unshard(shares, 1) // what the sum tells, after taking away all that others have handed in
				require.NoError(t, err)
				for j, v := range left {
					require.EqualValues(t, want[j], v.Uint64()-known[j], "the vector with the noise of the honest seat, and no other")
				}
			}
		}
		for i := range seats {
			if i == honest {
				continue
			}
			for what, of := range []string{"the contribution", "the honest seat's noise"} {
				chi := 0.0
				for b := range buckets {
					x, y := counts[what][0][i][b], counts[what][1][i][b]
					chi += (x - y) * (x - y) / (x + y)
				}
				t.Logf("seat %d of those against seat %d: chi-square of its shares of %s with and without the row %.1f of %d degrees", i, honest, of, chi, buckets-1)
				require.Less(t, chi, 53.0, "above it with a chance of 4 in a million")
			}
		}
	}
}

// centre is the mean answer.
func centre(all [][]float64) []float64 {
	out := make([]float64, len(all[0]))
	for _, y := range all {
		for j := range y {
			out[j] += y[j] / float64(len(all))
		}
	}
	return out
}

// answersExactly is what a row adds.
func answersExactly(t *testing.T, code, input []byte, sum terms.SecureSum, value int64) []float64 {
	t.Helper()
	box := newBox(t)
	p, err := box.Compile(t.Context(), code)
	require.NoError(t, err)
	got, err := box.RunRows(t.Context(), p, sandbox.RowJob{
		Shape: sandbox.Shape{Columns: 1, Length: int(sum.Length)}, Input: input, Base: 1_000_000, Row: 100_000, Ranges: sum.Ranges, MicroRho: sum.MicroRho,
	}, &cells{values: []int64{value}})
	require.NoError(t, err)
	out := make([]float64, len(got.Vector))
	for i, v := range got.Vector {
		out[i] = float64(v)
	}
	return out
}
