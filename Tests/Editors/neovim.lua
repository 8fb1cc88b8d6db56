-- Neovim, from 0.7, as the client of `marginalia lsp`, with the settings of docs/editors.md: types keys, and prints a
-- line for each check.
--
--     MARGINALIA=.build/release/marginalia nvim --headless --clean -u NONE -S Tests/Editors/neovim.lua
--
-- The exit code is 0 if all is as expected. It ends after 60 seconds at the latest.

local repository = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h")
local program = vim.fn.fnamemodify(os.getenv("MARGINALIA") or repository .. "/.build/release/marginalia", ":p")
local folder = vim.fn.tempname()
local failures, step = 0, "settings"

local function say(line)
  io.stdout:write(line .. "\n")
  io.stdout:flush()
end

-- If all hangs, no condition is looked at any more.
vim.loop.new_timer():start(60000, 0, function()
  say(step .. ": FAILED not finished after 60 seconds")
  os.execute("rm -rf '" .. folder .. "'")
  os.exit(1)
end)

-- MARK: Waiting

-- The checks are one coroutine, so that Neovim reads its keys meanwhile. It goes on when a condition holds; after 20
-- seconds without.
local awaited = { condition = function() return vim.v.vim_did_enter == 1 end, ticks = 0 }

local function wait(condition)
  awaited = { condition = condition, ticks = 0 }
  return coroutine.yield()
end

local function check(name, body)
  step = name
  local ok, seen = pcall(body)
  if not ok or seen then failures = failures + 1 end
  say(name .. ": " .. (ok and not seen and "ok" or "FAILED " .. tostring(seen)))
end

-- MARK: The buffer

local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, true) end

local function text() return table.concat(lines(), "\n") end

-- The first place of a text as line from 1 and column in bytes from 0.
local function place(words)
  for number, line in ipairs(lines()) do
    local column = line:find(words, 1, true)
    if column then return number, column - 1 end
  end
  error("‘" .. words .. "’ is not in the buffer")
end

-- Puts the cursor on the last character of a text.
local function go(words)
  local line, column = place(words)
  vim.api.nvim_win_set_cursor(0, { line, column + #words - 1 })
end

local function replace(old, new)
  local line, column = place(old)
  vim.api.nvim_buf_set_text(0, line - 1, column, line - 1, column + #old, { new })
end

local function found(code)
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    if diagnostic.code == code then return diagnostic end
  end
end

local function seen_messages()
  return vim.inspect(vim.tbl_map(function(d) return d.lnum + 1 .. ":" .. d.col .. " " .. d.message end,
    vim.diagnostic.get(0)))
end

-- Types keys, then what opens the list, and waits for it.
local function offered(keys)
  vim.api.nvim_input(keys)
  vim.api.nvim_input("<C-x><C-o>")
  local words = wait(function()
    if vim.fn.pumvisible() == 0 then return end
    return vim.tbl_map(function(item) return item.abbr ~= "" and item.abbr or item.word end,
      vim.fn.complete_info({ "items" }).items)
  end)
  return words or {}
end

local function accept()
  vim.api.nvim_input("<C-n><C-y><Esc>")
  wait(function() return vim.api.nvim_get_mode().mode == "n" end)
  return vim.api.nvim_get_current_line()
end

-- Takes the action with this title when it is offered; returns what tells all that were offered.
local function choose(title)
  local titles = {}
  vim.ui.select = function(items, options, take)
    titles = vim.tbl_map(options.format_item, items)
    for number, found in ipairs(titles) do
      if found == title then return take(items[number], number) end
    end
    take(nil)
  end
  return function() return titles end
end

local function restore(original)
  vim.api.nvim_buf_set_lines(0, 0, -1, true, original)
end

-- MARK: Checks

local function checks()
  vim.fn.mkdir(folder .. "/bin", "p")
  vim.loop.fs_symlink(program, folder .. "/bin/marginalia")
  vim.env.PATH = folder .. "/bin:" .. vim.env.PATH
  local path = folder .. "/memo.xml"
  vim.fn.writefile(vim.fn.readfile(repository .. "/docs/encoding/memo.xml"), path)
  local page = table.concat(vim.fn.readfile(repository .. "/docs/editors.md"), "\n")
  assert(load(page:match("```lua\n(.-)\n```")))()
  vim.cmd("filetype on")
  vim.cmd("cd " .. vim.fn.fnameescape(folder))
  vim.cmd("edit memo.xml")
  local original = lines()

  local client
  check("start", function()
    client = wait(function()
      local _, first = next((vim.lsp.get_clients or vim.lsp.get_active_clients)())
      return first and first.initialized and first
    end)
    return not client and "the server does not answer" or nil
  end)
  if not client then return end

  check("completion of elements", function()
    go('<pb n="2"')
    local words = offered("O<lt>")
    local line = accept()
    restore(original)
    if words[1] ~= "p" or not vim.tbl_contains(words, "table") then
      return "offered " .. table.concat(words, " ")
    end
    if vim.trim(line) ~= "<p></p>" then return "inserted " .. line end
  end)

  check("completion of hands", function()
    go('<pb n="2"')
    local words = table.concat(offered('O<lt>p><lt>add hand="#'), " ")
    local all = "typist print marsh president clerk seen review"
    local line = accept()
    restore(original)
    if words ~= all then return "offered " .. words end
    if vim.trim(line) ~= '<p><add hand="#typist' then return "inserted " .. line end
  end)

  check("completion of a hand that is begun", function()
    go('<pb n="2"')
    local words = table.concat(offered('O<lt>p><lt>add hand="#mar'), " ")
    local line = accept()
    restore(original)
    if words ~= "marsh" or vim.trim(line) ~= '<p><add hand="#marsh' then
      return "offered " .. words .. ", inserted " .. line
    end
  end)

  check("diagnostics", function()
    replace("<p>The ferries", "<p>𝄞é <persname/> The ferries")
    local diagnostic = wait(function() return found("grammar-element-unknown") end)
    if not diagnostic then return seen_messages() end
    local line, column = place("<persname/>")
    local at = { diagnostic.lnum + 1, diagnostic.col, diagnostic.end_col }
    if not vim.deep_equal(at, { line, column, column + #"<persname" }) then return "at " .. vim.inspect(at) end
    replace("𝄞é <persname/> ", "")
    local gone = wait(function() return not found("grammar-element-unknown") end)
    return not gone and "it stays: " .. seen_messages() or nil
  end)

  check("hover", function()
    go('ref="#ada-mar')
    vim.api.nvim_input("K")
    local hover = wait(function()
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= "" then
          return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), "\n")
        end
      end
    end)
    if not (hover or ""):find("Director of Ferries", 1, true) then return hover or "nothing" end
  end)

  check("definition", function()
    go('ref="#ada-mar')
    local line, column = place('xml:id="ada-marsh"')
    vim.api.nvim_input("gd")
    local here = wait(function()
      return vim.deep_equal(vim.api.nvim_win_get_cursor(0), { line, column + #'xml:id="' })
    end)
    return not here and "the cursor is at " .. vim.inspect(vim.api.nvim_win_get_cursor(0)) or nil
  end)

  check("rename", function()
    go('xml:id="pier')
    vim.ui.input = function(_, answer) answer("pier-clause") end
    vim.api.nvim_input("grn")
    local renamed = wait(function() return select(2, text():gsub('"#?pier%-clause"', "")) == 3 end)
    local all = text()
    restore(original)
    return (not renamed or all:find('"#?pier"')) and "the buffer has " .. (all:match('[^\n]*pier"[^\n]*') or "") or nil
  end)

  check("quick fix", function()
    replace('<persName ref="#reyes">THE PRESIDENT</persName>', '<persname ref="#reyes">THE PRESIDENT</persname>')
    if not wait(function() return found("grammar-element-unknown") end) then return seen_messages() end
    go('<persname')
    local titles = choose("Change <persname> to <persName>")
    vim.api.nvim_input("gra")
    local mended = wait(function()
      return text() == table.concat(original, "\n") and not found("grammar-element-unknown")
    end)
    restore(original)
    return not mended and "offered " .. vim.inspect(titles()) .. " " .. seen_messages() or nil
  end)

  check("wrap", function()
    local line, column = place("Boats will")
    vim.api.nvim_win_set_cursor(0, { line, column })
    local titles = choose("Wrap in <del> by Ada Marsh at stage #signed")
    vim.api.nvim_input("vegra")
    local wrapped = wait(function()
      return text():find('<p><del hand="#marsh" change="#signed">Boats</del> will', 1, true)
    end)
    restore(original)
    return not wrapped and "offered " .. vim.inspect(titles()) or nil
  end)

  check("formatting", function()
    replace("    <fileDesc>", "<fileDesc>")
    replace("      </titleStmt>", "          </titleStmt>")
    vim.api.nvim_input("grf")
    local formatted = wait(function() return text() == table.concat(original, "\n") end)
    return not formatted and "the buffer has " .. table.concat(vim.list_slice(lines(), 4, 14), "\n") or nil
  end)

  check("shutdown", function()
    vim.lsp.stop_client(client.id)
    return not wait(function() return not vim.lsp.get_client_by_id(client.id) end) and "the server goes on" or nil
  end)
end

local thread = coroutine.create(function()
  local ok, problem = pcall(checks)
  if not ok then say(step .. ": FAILED " .. problem) end
  vim.fn.delete(folder, "rf")
  vim.cmd((ok and failures == 0 and 0 or 1) .. "cquit!")
end)

vim.loop.new_timer():start(0, 20, vim.schedule_wrap(function()
  if coroutine.status(thread) ~= "suspended" then return end
  awaited.ticks = awaited.ticks + 1
  local ok, value = pcall(awaited.condition)
  if ok and value or awaited.ticks > 1000 then coroutine.resume(thread, ok and value or nil) end
end))
