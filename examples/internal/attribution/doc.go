// Package attribution explains predictions for molecules and for rows of tables: what atoms and columns contribute.
package attribution
