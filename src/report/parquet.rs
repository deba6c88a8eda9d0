//! A record as Parquet files, one a table, for pandas, polars, duckdb and whoever reads columns.
//!
//! Rows come as JSON objects, the same that the commands print, and are held until a group of them is full: the memory taken
//! does not grow with the record. Lists are JSON text, as in the SQLite file.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};
use serde_json::Value;

use super::columns::{Column, Holds, Table};

/// Rows of a group, and bytes of text in it, at most: what is held in memory at a time.
const GROUP_ROWS: usize = 50_000;
const GROUP_BYTES: usize = 32 << 20;

/// The files in the making, one for each table.
pub struct ParquetFiles {
    files: BTreeMap<Table, Growing>,
}

struct Growing {
    table: Table,
    writer: SerializedFileWriter<File>,
    held: Vec<Vec<Value>>,
    bytes: usize,
}

impl ParquetFiles {
    /// Makes an empty file for each of the tables, in a folder that is there: `claims.parquet`.
    ///
    /// They are whole when [`ParquetFiles::finish`] has returned, and not before.
    pub fn create(folder: &Path, tables: &[Table]) -> Result<ParquetFiles, ParquetError> {
        let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
        let made = tables.iter().map(|&table| {
            let file = File::create(path_of(folder, table))?;
            let writer = SerializedFileWriter::new(file, schema(table)?, properties.clone())?;
            Ok((table, Growing { table, writer, held: Vec::new(), bytes: 0 }))
        });
        Ok(ParquetFiles { files: made.collect::<Result<_, ParquetError>>()? })
    }

    /// Writes a row: the fields of `row` that the table has columns for.
    pub fn write(&mut self, table: Table, row: &Value) -> Result<(), ParquetError> {
        let Some(file) = self.files.get_mut(&table) else {
            return Err(ParquetError::General(format!("{} has no file", table.name())));
        };
        let cells = table.columns().iter().map(|column| row.get(column.name).cloned().unwrap_or(Value::Null));
        let cells: Vec<Value> = cells.collect();
        file.bytes += cells.iter().filter_map(Value::as_str).map(str::len).sum::<usize>();
        file.held.push(cells);
        if file.held.len() >= GROUP_ROWS || file.bytes >= GROUP_BYTES { file.end_group() } else { Ok(()) }
    }

    /// Writes what is held and ends the files.
    pub fn finish(self) -> Result<(), ParquetError> {
        for mut file in self.files.into_values() {
            file.end_group()?;
            file.writer.close()?;
        }
        Ok(())
    }
}

/// Returns where the file of a table stands in its folder.
pub fn path_of(folder: &Path, table: Table) -> PathBuf {
    folder.join(format!("{}.parquet", table.name()))
}

impl Growing {
    fn end_group(&mut self) -> Result<(), ParquetError> {
        let rows = std::mem::take(&mut self.held);
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (n, column) in self.table.columns().iter().enumerate() {
            let Some(mut writer) = group.next_column()? else { break };
            write_column(writer.untyped(), column, rows.iter().map(|row| &row[n]))?;
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }
}

/// Writes the cells of one column of a group.
fn write_column<'v>(
    writer: &mut ColumnWriter<'_>,
    column: &Column,
    cells: impl Iterator<Item = &'v Value> + Clone,
) -> Result<(), ParquetError> {
    // A column that may be empty says of each row whether it holds something.
    let levels: Option<Vec<i16>> =
        column.optional.then(|| cells.clone().map(|cell| i16::from(!cell.is_null())).collect());
    let levels = levels.as_deref();
    let full = cells.filter(|cell| !cell.is_null() || !column.optional);
    match writer {
        ColumnWriter::ByteArrayColumnWriter(to) => {
            let texts: Vec<ByteArray> = full
                .map(|cell| match cell {
                    Value::String(text) => text.as_bytes().to_vec().into(),
                    list => list.to_string().into_bytes().into(),
                })
                .collect();
            to.write_batch(&texts, levels, None)?;
        }
        ColumnWriter::Int32ColumnWriter(to) => {
            to.write_batch(&read_all(full, column, days_of)?, levels, None)?;
        }
        ColumnWriter::Int64ColumnWriter(to) => {
            let read = if column.holds == Holds::Moment { moment_of } else { Value::as_i64 };
            to.write_batch(&read_all(full, column, read)?, levels, None)?;
        }
        ColumnWriter::DoubleColumnWriter(to) => {
            to.write_batch(&read_all(full, column, Value::as_f64)?, levels, None)?;
        }
        ColumnWriter::BoolColumnWriter(to) => {
            to.write_batch(&read_all(full, column, Value::as_bool)?, levels, None)?;
        }
        _ => return Err(ParquetError::General(format!("{} has a type that is not written", column.name))),
    }
    Ok(())
}

/// Reads every cell of a column; the first that it cannot hold is an error.
fn read_all<'v, T>(
    cells: impl Iterator<Item = &'v Value>,
    column: &Column,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, ParquetError> {
    let strange = |cell: &Value| ParquetError::General(format!("{} cannot hold {cell}", column.name));
    cells.map(|cell| read(cell).ok_or_else(|| strange(cell))).collect()
}

/// Days since 1970 of `2024-03-31`.
fn days_of(cell: &Value) -> Option<i32> {
    let day: jiff::civil::Date = cell.as_str()?.parse().ok()?;
    Some((day - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Milliseconds since 1970 of `2024-03-31T10:00:00Z`.
fn moment_of(cell: &Value) -> Option<i64> {
    Some(cell.as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond())
}

fn schema(table: Table) -> Result<TypePtr, ParquetError> {
    let fields = table.columns().iter().map(|column| {
        let (physical, logical) = match column.holds {
            Holds::Text | Holds::Json => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Holds::Count => (Physical::INT64, None),
            Holds::Share => (Physical::DOUBLE, None),
            Holds::Flag => (Physical::BOOLEAN, None),
            Holds::Day => (Physical::INT32, Some(LogicalType::Date)),
            Holds::Moment => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        };
        let repetition = if column.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let field = Type::primitive_type_builder(column.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()?;
        Ok(Arc::new(field))
    });
    let fields = fields.collect::<Result<Vec<TypePtr>, ParquetError>>()?;
    Ok(Arc::new(Type::group_type_builder(table.name()).with_fields(fields).build()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use serde_json::json;

    #[test]
    fn rows_come_back_with_their_types_and_their_gaps() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = ParquetFiles::create(folder.path(), &[Table::Articles]).unwrap();
        let article = |id: &str, date: Value| json!({"id": id, "version": 1, "latest": true, "date": date, "added": "2024-03-31T10:00:00Z", "text": "“No.”"});
        files.write(Table::Articles, &article("a1", json!("2024-03-31"))).unwrap();
        files.write(Table::Articles, &article("a2", Value::Null)).unwrap();
        assert!(files.write(Table::Claims, &json!({})).is_err(), "no file was asked for");
        files.finish().unwrap();
        let file = File::open(path_of(folder.path(), Table::Articles)).unwrap();
        let rows: Vec<BTreeMap<String, Field>> = SerializedFileReader::new(file)
            .unwrap()
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().into_columns().into_iter().collect())
            .collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["id"], Field::Str("a1".into()));
        assert_eq!(rows[0]["date"], Field::Date(19_813));
        assert_eq!(rows[0]["added"], Field::TimestampMillis(1_711_879_200_000));
        assert_eq!(rows[0]["latest"], Field::Bool(true));
        assert_eq!((&rows[1]["date"], &rows[1]["title"]), (&Field::Null, &Field::Null));
        assert_eq!(rows[1]["text"], Field::Str("“No.”".into()));
    }

    #[test]
    fn a_cell_of_another_kind_is_an_error_that_names_the_column() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = ParquetFiles::create(folder.path(), &[Table::Articles]).unwrap();
        let row = json!({"id": "a1", "version": 1, "latest": true, "date": "soon", "added": "2024-03-31T10:00:00Z", "text": ""});
        files.write(Table::Articles, &row).unwrap();
        let error = files.finish().unwrap_err().to_string();
        assert!(error.contains("date cannot hold \"soon\""), "{error}");
    }
}
