//! Which columns a query speaks of: no other is read.

use super::super::column::{Header, place};
use super::super::evaluate::without_table;
use super::super::query::{Expression, Query, Select};

/// The places of the columns, in their order.
pub(super) fn columns(query: &Query, header: &Header) -> Vec<usize> {
    let mut open: Vec<&Expression> = query.filter.iter().collect();
    match &query.select {
        Select::Everything => return (0..header.names().len()).collect(),
        Select::Items(items) => open.extend(items.iter().map(|item| &item.expression)),
        Select::Aggregates(items) => open.extend(items.iter().filter_map(|item| item.argument.as_ref())),
        Select::Split(_) => {}
    }
    let mut places = Vec::new();
    while let Some(expression) = open.pop() {
        if let Expression::Column(steps) = expression {
            let steps = without_table(steps, query.alias.as_deref());
            places.extend(place(Some(header), steps).filter(|place| *place < header.names().len()));
        }
        open.extend(parts(expression));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// What an expression is made of.
fn parts(expression: &Expression) -> Vec<&Expression> {
    match expression {
        Expression::Literal(_) | Expression::Column(_) => Vec::new(),
        Expression::All(parts) | Expression::Any(parts) | Expression::Call(_, parts) => {
            parts.iter().collect()
        }
        Expression::Not(inner)
        | Expression::Negative(inner)
        | Expression::IsNull(inner)
        | Expression::IsMissing(inner)
        | Expression::Cast(inner, _) => vec![inner],
        Expression::Chain(first, rest) => {
            let rest = rest.iter().map(|(_, part)| part);
            std::iter::once(first.as_ref()).chain(rest).collect()
        }
        Expression::Compare(left, _, right) => vec![left, right],
        Expression::Like(text, pattern, escape) => {
            let escape = escape.as_deref();
            [text.as_ref(), pattern.as_ref()]
                .into_iter()
                .chain(escape)
                .collect()
        }
        Expression::Between(value, low, high) => vec![value, low, high],
        Expression::In(value, list) => std::iter::once(value.as_ref()).chain(list).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::parse;
    use super::*;

    #[test]
    fn only_what_is_spoken_of_is_wanted() {
        let header = Header::new(["a", "b", "c", "d", "e"].map(str::to_owned).to_vec());
        let cases: [(&str, &[usize]); 8] = [
            ("SELECT * FROM BlobStorage WHERE a = 1", &[0, 1, 2, 3, 4]),
            ("SELECT COUNT(*) FROM BlobStorage", &[]),
            ("SELECT SUM(b), COUNT(d) FROM BlobStorage", &[1, 3]),
            ("SELECT _5, t.B, nothing, _9 FROM BlobStorage t", &[1, 4]),
            (
                "SELECT a + b * -c FROM BlobStorage WHERE NOT d IS NULL",
                &[0, 1, 2, 3],
            ),
            (
                "SELECT LOWER(a) FROM BlobStorage WHERE b LIKE c ESCAPE d OR e IS MISSING",
                &[0, 1, 2, 3, 4],
            ),
            ("SELECT a FROM BlobStorage WHERE b BETWEEN c AND d", &[0, 1, 2, 3]),
            (
                "SELECT CAST(a AS INT) FROM BlobStorage WHERE b IN (1, c)",
                &[0, 1, 2],
            ),
        ];
        for (text, expected) in cases {
            let query = parse::query(text).unwrap();
            assert_eq!(columns(&query, &header), expected, "{text}");
        }
    }
}
