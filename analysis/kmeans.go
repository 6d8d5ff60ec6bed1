package analysis

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// Clustering is the program's part of an input of kmeans.
type Clustering struct {
	// FractionBits are the fraction bits of the inertia, 0 to 30.
	FractionBits int
	// Scales are above 0 and at most 1: an integer x enters as z = min(1, x scale).
	Scales []float64
	// Centroids are places in z, each coordinate from -2 to 2.
	Centroids [][]float64
}

func (c Clustering) check(columns int) error {
	if c.FractionBits < 0 || c.FractionBits > 30 {
		return fmt.Errorf("%w: fraction bits: expected 0 to 30, got %d", programs.ErrShape, c.FractionBits)
	}
	if len(c.Scales) != columns || len(c.Centroids) < 1 {
		return fmt.Errorf("%w: scales and centroids: expected %d and at least 1, got %d and %d", programs.ErrShape, columns, len(c.Scales), len(c.Centroids))
	}
	for _, s := range c.Scales {
		if !(s > 0 && s <= 1) {
			return fmt.Errorf("%w: scale: expected above 0 and at most 1, got %v", programs.ErrShape, s)
		}
	}
	for _, place := range c.Centroids {
		if len(place) != columns {
			return fmt.Errorf("%w: coordinates of a centroid: expected %d, got %d", programs.ErrShape, columns, len(place))
		}
		for _, x := range place {
			if !(math.Abs(x) <= programs.MaxCoordinate) {
				return fmt.Errorf("%w: coordinate: expected -2 to 2, got %v", programs.ErrShape, x)
			}
		}
	}
	return nil
}

// EncodeKMeans returns the input of a job of the program kmeans and the length of its vector.
func EncodeKMeans(columns []fixedpoint.Column, c Clustering) (input []byte, length int, err error) {
	if input, err = fixedpoint.AppendHeader(nil, columns); err != nil {
		return nil, 0, err
	}
	if err := c.check(len(columns)); err != nil {
		return nil, 0, err
	}
	input = binary.LittleEndian.AppendUint64(input, uint64(c.FractionBits))
	number := func(x float64) { input = binary.LittleEndian.AppendUint64(input, math.Float64bits(x)) }
	for _, s := range c.Scales {
		number(s)
	}
	for _, place := range c.Centroids {
		number(0) // no penalty
		for _, x := range place {
			number(x)
		}
	}
	rule := programs.KMeans().Shape
	length = rule.Groups.Length(len(columns), len(c.Centroids))
	return input, length, rule.Check(len(columns), length)
}

// ParseKMeans reads an input that EncodeKMeans wrote.
func ParseKMeans(input []byte) (columns []fixedpoint.Column, c Clustering, err error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return nil, Clustering{}, err
	}
	k := len(columns)
	clusters := (len(rest)/8 - 1 - k) / (k + 1)
	if clusters < 1 || len(rest) != 8*(1+k+clusters*(k+1)) {
		return nil, Clustering{}, fmt.Errorf("%w: bytes after the header: expected %d and a multiple of %d for %d columns, got %d", programs.ErrShape, 8*(1+k), 8*(k+1), k, len(rest))
	}
	word := func() (v uint64) {
		v, rest = binary.LittleEndian.Uint64(rest), rest[8:]
		return v
	}
	c.FractionBits = int(min(word(), 64))
	for range k {
		c.Scales = append(c.Scales, math.Float64frombits(word()))
	}
	for range clusters {
		if penalty := word(); penalty != 0 {
			return nil, Clustering{}, fmt.Errorf("%w: penalty of a cluster: expected 0, got another", programs.ErrShape)
		}
		var place []float64
		for range k {
			place = append(place, math.Float64frombits(word()))
		}
		c.Centroids = append(c.Centroids, place)
	}
	return columns, c, c.check(k)
}

// Clusters is the decoded vector of the program kmeans.
type Clusters struct {
	LeftOut *big.Int
	// Inertia is the sum of the squared distances in z, an integer of 2^-FractionBits.
	Inertia *big.Int
	// Counts are the rows of each cluster, Sums[c][j] the sum of the integers of column j over them.
	Counts []*big.Int
	Sums   [][]*big.Int
}

// DecodeKMeans reads clusters from the sum of the vectors of a job with the given input.
func DecodeKMeans(input []byte, sum []*big.Int) (Clusters, error) {
	columns, step, err := ParseKMeans(input)
	if err != nil {
		return Clusters{}, err
	}
	k := len(columns)
	if want := programs.KMeans().Shape.Groups.Length(k, len(step.Centroids)); len(sum) != want {
		return Clusters{}, fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, want, len(sum))
	}
	for i, v := range sum {
		if v.Sign() < 0 {
			return Clusters{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
	}
	c := Clusters{LeftOut: sum[0], Inertia: sum[1]}
	for at := 2; at < len(sum); at += k + 1 {
		c.Counts = append(c.Counts, sum[at])
		c.Sums = append(c.Sums, sum[at+1:at+1+k])
	}
	return c, nil
}
